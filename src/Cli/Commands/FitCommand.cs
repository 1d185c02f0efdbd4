using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Cli.Commands;

/// <summary><c>fit MODEL</c>: does it fit, what binds, and what would make it fit.</summary>
internal static class FitCommand
{
    /// <summary>Tokens that a user is taken to need when nothing is said.</summary>
    private const int UsualContext = 1024;

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var fabric = CommonOptions.Fabric();
        var weights = CommonOptions.Weights();
        var chips = CommonOptions.Chips();
        var context = CommonOptions.Context($"{UsualContext}, or as much as the chip holds");
        var choice = new WeightChoiceOptions();
        var lora = CommonOptions.AdapterInSram();
        var users = new Option<int>("--users")
        {
            Description = "Users at once.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var explain = CommonOptions.Explain();
        var json = CommonOptions.Json();
        var command = new Command(
            "fit",
            "Check whether a model fits a fabric, and show the use of every resource. Example: ./taalas fit llama-3.1-8b --fabric hc1"
        )
        {
            model,
            fabric,
            weights,
            chips,
            context,
            users,
            lora,
            explain,
            json,
        };
        choice.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var spec = ChipsFolder.Fabric(parsed.GetValue(fabric)!, parsed.GetValue(chips));
                AdapterFile[] adapters = [.. parsed.GetValue(lora)!.Select(AdapterFile.Parse)];
                var format = parsed.GetValue(weights) ?? spec.DefaultWeights;
                var (name, tokens, held) = (parsed.GetRequiredValue(model), parsed.GetValue(context), parsed.GetValue(users));
                var report = ChipsFolder.Library.IsShape(name)
                    ? OfShape(name, spec, format, tokens, held, adapters)
                    : OfFile(name, spec, format, tokens, held, adapters, line =>
                        choice.Choose(parsed, name, spec, format, [], line, cancel)
                    );
                if (parsed.GetValue(explain) is { } field)
                {
                    Derivation.Write(FitExplanation.Of(report, field), parsed.GetValue(json));
                    return Task.FromResult(ExitCode.Done);
                }

                return Task.FromResult(parsed.GetValue(json) ? PrintJson(report) : Print(report));
            }
        );
        return command;
    }

    /// <summary>Prints a report for people and gives the exit code.</summary>
    public static int Print(FitReport report)
    {
        Console.Out.WriteLine(
            report.Fits
                ? $"fits; {report.Binding.Name} binds at {report.Binding.Share * 100:0.0} %"
                : $"does not fit: {report.Binding.Name} at {report.Binding.Share * 100:0.0} % of what the fabric has"
        );
        foreach (var r in report.Resources)
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {r.Name, -16} {NumberText.Si(r.Used, ""), 10} of {NumberText.Si(r.Available, ""), -10} {r.Unit, -7} {r.Share * 100, 8:0.0} %  {(r.Left >= 0 ? $"{NumberText.Si(r.Left, "")} left" : $"{NumberText.Si(-r.Left, "")} missing")}"
                )
            );
        foreach (var room in report.HeadRoom)
            Console.Out.WriteLine($"  room for {room}");
        foreach (var change in report.Changes)
            Console.Out.WriteLine($"  would fit with {change}");
        return report.Fits ? ExitCode.Done : ExitCode.No;
    }

    /// <summary>Prints a report as JSON and gives the exit code.</summary>
    public static int PrintJson(FitReport report)
    {
        Json.Write(
            new
            {
                report.Fits,
                Binding = report.Binding.Name,
                report.Resources,
                report.Changes,
                report.HeadRoom,
            }
        );
        return report.Fits ? ExitCode.Done : ExitCode.No;
    }

    private static FitReport OfShape(string name, FabricSpec fabric, string weights, int context, int users, AdapterFile[] adapters)
    {
        if (weights == ChooseWeightBits.Auto)
            throw new InputException(
                $"--weights {ChooseWeightBits.Auto} measures the model's weights: give a GGUF file instead of the shape {name}"
            );
        if (adapters.Length > 0)
            throw new InputException($"--lora-sram needs the model that the adapter is for: give a GGUF file instead of the shape {name}");
        var graph = BuildModelGraph.From(ChipsFolder.Library.Shape(name), ShapeTraits.Plain);
        var formats = ChooseCodeFormats.ForShape(graph, weights);
        return CheckFit.Of(
            PlaceModel.Place(graph, fabric, formats, 0),
            graph,
            formats,
            Served(graph, fabric, context, users, 0),
            users,
            ChipsFolder.Library.Technology(fabric.Technology)
        );
    }

    private static FitReport OfFile(
        string name,
        FabricSpec fabric,
        string weights,
        int context,
        int users,
        AdapterFile[] adapters,
        Func<ProgressLine, WeightPlan?> choose
    )
    {
        if (!File.Exists(name))
            throw new InputException($"{name}: no such file, and no shape of that name in chips/models");
        using var model = ImportedModel.Open(name);
        using var sram = new AdapterSet(adapters, model.File);
        WeightPlan? plan;
        using (var line = new ProgressLine())
            plan = choose(line);
        var formats = plan?.FormatsOf(model) ?? ChooseCodeFormats.ForFile(model, weights);
        var placed = PlaceModel.Place(model.Graph, fabric, formats, 0);
        placed = placed with { Plan = placed.Plan with { Adapters = FillAdapterSram.Plan(sram.Adapters, placed.Plan.Matrices) } };
        return CheckFit.Of(
            placed,
            model.Graph,
            formats,
            Served(model.Graph, fabric, context, users, placed.Plan.AdapterBytes),
            users,
            ChipsFolder.Library.Technology(fabric.Technology)
        );
    }

    private static int Served(ModelGraph graph, FabricSpec fabric, int context, int users, long adapterBytes) =>
        context > 0 ? context : Math.Min(UsualContext, CheckFit.LongestContext(graph.Shape, fabric, users, adapterBytes));
}
