using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>compile MODEL -o DIR</c>: chip image.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model("A GGUF file.");
        var output = new Option<string>("-o", "--output")
        {
            Description = "Folder of the chip image; an old image there is replaced when the new one is complete.",
            Required = true,
            HelpName = "DIR",
        };
        var fabric = CommonOptions.Fabric();
        var weights = CommonOptions.Weights();
        var chips = CommonOptions.Chips();
        var context = CommonOptions.Context();
        var choice = new WeightChoiceOptions();
        var lora = new Option<string[]>("--lora")
        {
            Description =
                "Merge a LoRA adapter (GGUF) into the weights before they are stored; may be given several times. With --weights preserve, merged matrices are encoded again in their own type.",
            HelpName = "FILE[:SCALE]",
            DefaultValueFactory = _ => [],
        };
        var sram = CommonOptions.AdapterInSram();
        var json = CommonOptions.Json();
        var command = new Command(
            "compile",
            "Compile a model into a chip image: chip.yaml, weights.mask, dataflow.mask, tokenizer. Example: ./taalas compile chips/demo/stories.gguf -o stories.chip --fabric demo --weights rom4"
        )
        {
            model,
            output,
            fabric,
            weights,
            chips,
            context,
            lora,
            sram,
            json,
        };
        choice.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Run(
                        parsed,
                        choice,
                        parsed.GetRequiredValue(model),
                        parsed.GetRequiredValue(output),
                        parsed.GetValue(fabric)!,
                        parsed.GetValue(weights),
                        parsed.GetValue(chips),
                        parsed.GetValue(context),
                        [.. parsed.GetValue(lora)!.Select(AdapterFile.Parse)],
                        [.. parsed.GetValue(sram)!.Select(AdapterFile.Parse)],
                        parsed.GetValue(json),
                        cancel
                    )
                )
        );
        return command;
    }

    private static int Run(
        ParseResult parsed,
        WeightChoiceOptions choice,
        string model,
        string output,
        string fabricName,
        string? weights,
        int chips,
        int context,
        IReadOnlyList<AdapterFile> merge,
        IReadOnlyList<AdapterFile> sram,
        bool json,
        CancellationToken cancel
    )
    {
        var fabric = ChipsFolder.Fabric(fabricName, chips);
        var options = new CompileOptions
        {
            Fabric = fabric,
            Weights = weights ?? fabric.DefaultWeights,
            Context = context,
            Merge = merge,
            Sram = sram,
            Compiler = CommandLine.Product,
        };
        Compiler.Fit.FitReport fit;
        using (var line = new ProgressLine())
        {
            ChipDirectory.CheckTarget(output);
            options = options with { Plan = choice.Choose(parsed, model, fabric, options.Weights, merge, line, cancel) };
            fit = CompileModel.ToImage(model, output, options, new StepLine(line), cancel);
        }

        if (!fit.Fits)
            return json ? FitCommand.PrintJson(fit) : FitCommand.Print(fit);
        var chip = ChipDirectory.ReadDescription(output);
        if (json)
        {
            Json.Write(
                new
                {
                    Chip = output,
                    Model = chip.Model.Name,
                    Fabric = chip.Fabric.Name,
                    chip.Source.Weights,
                    chip.Source.Adapters,
                    chip.Resources,
                    chip.Files,
                    Fit = fit,
                    chip.Choice,
                }
            );
            return ExitCode.Done;
        }

        var r = chip.Resources;
        Console.Out.WriteLine($"{output}: {chip.Model.Name} on {chip.Fabric.Name}, weights {chip.Source.Weights}");
        Console.Out.WriteLine(
            $"  weights layer  {NumberText.Count(r.WeightsLayerVias)} vias for {NumberText.Count(r.WeightsLayerBits)} bits of {NumberText.Count(r.Weights)} weights"
        );
        Console.Out.WriteLine($"  dataflow layer {NumberText.Count(r.DataflowLayerStraps)} straps");
        Console.Out.WriteLine($"  sites          {NumberText.Count(r.SitesUsed)} of {NumberText.Count(r.SitesAvailable)}");
        Console.Out.WriteLine(
            $"  KV SRAM        {NumberText.Count(r.KvCapacityTokens)} tokens of {NumberText.Count(r.KvBytesPerToken)} bytes"
        );
        foreach (var adapter in chip.Source.Adapters)
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  adapter        {adapter.File}, {(adapter.Placement == "merged" ? "merged into the weights" : "in SRAM")}, scale {adapter.Scale}"
                )
            );
        if (chip.Adapters.Count > 0)
            Console.Out.WriteLine(
                $"  adapter SRAM   {NumberText.Count(chip.Plan().AdapterBytes)} bytes on {NumberText.Count(chip.Adapters.Select(a => a.Matrix).Distinct().Count())} matrices"
            );
        if (chip.Choice is { } made)
            ChoiceTable.Print(made);
        return ExitCode.Done;
    }
}
