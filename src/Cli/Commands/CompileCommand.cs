using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>compile MODEL -o DIR</c>: chip image, or with <c>--until STEP</c> the text of a stage on the way there.</summary>
internal sealed class CompileCommand
{
    private readonly Argument<string> _model = CommonOptions.Model(
        "A GGUF file, the folder of a Hugging Face model, or hf:USER/NAME[:QUANT]."
    );
    private readonly Option<string?> _output = new OutputOption<string?>("-o", "--output")
    {
        Description =
            "Folder of the chip image; an old image there is replaced when the new one is complete. With --until: text file (default: "
            + "standard output).",
        HelpName = "DIR",
    };
    private readonly Option<string?> _sign = new("--sign")
    {
        Description = "Sign the image with this private key (made by key new); run --trust then knows it.",
        HelpName = "KEY",
    };
    private readonly FabricChoice _fabric = FabricChoice.SmallFirst();
    private readonly Option<string?> _weights = CommonOptions.Weights();
    private readonly NumberOption<int> _chips = CommonOptions.Chips();
    private readonly NumberOption<int> _context = CommonOptions.Context();
    private readonly WeightChoiceOptions _choice = new();
    private readonly Option<string[]> _lora = new("--lora")
    {
        Description =
            "Merge a LoRA adapter (GGUF file, folder of a PEFT adapter, or hf:USER/NAME) into the weights before they are stored; may "
            + "be given several times. With --weights preserve, merged matrices are encoded again in their own type.",
        HelpName = "FILE[:SCALE]",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _sram = CommonOptions.AdapterInSram();
    private readonly Option<string?> _until = new("--until")
    {
        Description =
            "Stop after a step and write its result as text instead of a chip image: "
            + $"{string.Join(", ", CompilerSteps.All.Select(s => s.Name))}.",
        HelpName = "STEP",
    };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new CompileCommand();
        var command = new Command(
            "compile",
            "Compile a model into a chip image: chip.yaml, weights.mask, dataflow.mask, tokenizer. Example: ./taalas compile "
                + "chips/demo/stories.gguf -o stories.chip --fabric demo --weights rom4"
        )
        {
            self._model,
            self._output,
            self._fabric.Option,
            self._weights,
            self._chips,
            self._context,
            self._lora,
            self._sram,
            self._until,
            self._sign,
            self._json,
        };
        self._choice.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(self._output) is null && result.GetValue(self._until) is null)
                result.AddError("Option '-o DIR' is required: the folder of the chip image.");
        });
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var (output, until) = (parsed.GetValue(_output), parsed.GetValue(_until));
        var step = until is null ? null : CompilerSteps.Named(until);
        var key = parsed.GetValue(_sign) is { } file ? SigningKey.Read(file) : null;
        if (step is null)
            ChipDirectory.CheckTarget(output!);
        if (TimesFmCheckpoint.Is(parsed.GetRequiredValue(_model)))
            return CompileForecaster(parsed, key, cancel);
        using var source = ModelInput.Open(parsed.GetRequiredValue(_model), cancel);
        var model = source.Path;
        var fabric = _fabric.For(parsed, model, parsed.GetValue(_weights), parsed.GetValue(_chips));
        var options = new CompileOptions
        {
            Fabric = fabric,
            Weights = parsed.GetValue(_weights) ?? fabric.DefaultWeights,
            Context = parsed.GetValue(_context),
            Open = SimulationOptions.TryOpen,
            Compiler = Product.Name,
            Seal = key is null ? null : folder => SignImage.Write(folder, key),
        };
        using var merged = new AdapterInput(parsed.GetValue(_lora)!, model, cancel);
        using var inSram = new AdapterInput(parsed.GetValue(_sram)!, model, cancel);
        options = options with { Merge = merged.Files, Sram = inSram.Files };
        FitReport fit;
        using (var line = new ProgressLine())
        {
            options = options with { Plan = _choice.Choose(parsed, model, fabric, options.Weights, options.Merge, line, cancel) };
            if (step is not null)
            {
                WriteStage(model, step, options, output, line, cancel);
                return ExitCode.Done;
            }

            fit = CompileModel.ToImage(model, output!, options, new StepLine(line), cancel);
        }

        return Report(parsed, output!, fabric, fit);
    }

    private int CompileForecaster(ParseResult parsed, SigningKey? key, CancellationToken cancel)
    {
        if (
            parsed.GetValue(_until) is not null
            || parsed.GetValue(_lora)!.Length + parsed.GetValue(_sram)!.Length > 0
            || string.Equals(parsed.GetValue(_weights), ChooseWeightBits.Auto, StringComparison.Ordinal)
        )
            throw new InputException("a forecasting model is compiled without --until, adapters and --weights auto; leave them out");
        using var checkpoint = TimesFmCheckpoint.Open(parsed.GetRequiredValue(_model));
        var output = parsed.GetValue(_output)!;
        var options = new CompileOptions
        {
            Fabric = _fabric.For(parsed, checkpoint, parsed.GetValue(_weights), parsed.GetValue(_chips)),
            Weights = "",
            Context = parsed.GetValue(_context),
            Open = (folder, stop) => WiredChip.OpenForecaster(folder, stop).Dispose(),
            Compiler = Product.Name,
            Seal = key is null ? null : folder => SignImage.Write(folder, key),
        };
        options = options with { Weights = parsed.GetValue(_weights) ?? options.Fabric.DefaultWeights };
        FitReport fit;
        using (var line = new ProgressLine())
            fit = CompileTimesFm.ToImage(checkpoint, output, options, new StepLine(line), cancel);
        return Report(parsed, output, options.Fabric, fit);
    }

    private int Report(ParseResult parsed, string output, FabricSpec fabric, FitReport fit)
    {
        var json = parsed.GetValue(_json);
        if (!fit.Fits)
            return json ? FitCommand.PrintJson(fit, fabric) : FitCommand.Print(fit);
        var chip = ChipDirectory.ReadDescription(output);
        if (json)
            PrintJson(output, chip, fit);
        else
            Print(output, chip);
        return ExitCode.Done;
    }

    private static void WriteStage(
        string model,
        CompileStep step,
        CompileOptions options,
        string? output,
        ProgressLine line,
        CancellationToken cancel
    )
    {
        if (output is null)
            CompileModel.ToText(model, step, options, Console.Out, new StepLine(line), cancel);
        else
            AtomicFile.Write(output, stream =>
            {
                using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                CompileModel.ToText(model, step, options, text, new StepLine(line), cancel);
            });
    }

    private static void PrintJson(string output, ChipDescription chip, FitReport fit) =>
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

    private static void Print(string output, ChipDescription chip)
    {
        Console.Out.WriteLine($"{output}: {chip.Model.Name} on {chip.Fabric.Name}, weights {chip.Source.Weights}");
        ImageRow[] rows =
        [
            ImageRow.WeightsLayer(chip),
            ImageRow.DataflowLayer(chip),
            ImageRow.Sites(chip),
            ImageRow.KvSram(chip),
            .. ImageRow.Adapters(chip),
            .. ImageRow.AdapterSram(chip),
        ];
        foreach (var row in rows)
            row.Write(Console.Out);
        if (chip.Choice is { } choice)
            ChoiceTable.Print(choice);
    }
}
