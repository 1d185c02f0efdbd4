using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>demo</c>: the main job end to end on the embedded model.</summary>
internal static class DemoCommand
{
    private const string Prompt = "Once upon a time, there was a girl named Zoe. Her grandma gave her a";

    private const int Input = 128;

    private const int Output = 128;

    public static Command Create()
    {
        var output = new OutputOption<string>("-o", "--output")
        {
            Description = "Folder for the chip image, the sweep and the report.",
            DefaultValueFactory = _ => Path.Combine("out", "demo"),
            HelpName = "DIR",
        };
        var json = CommonOptions.Json();
        var simulation = new SimulationOptions();
        var command = new Command(
            "demo",
            "Compile the embedded model, run it on the simulated card, compare it with an H200, sweep, and write the report; under a "
                + "minute."
        )
        {
            output,
            json,
        };
        simulation.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var made = Run(parsed, simulation, parsed.GetValue(output)!, cancel);
                if (parsed.GetValue(json))
                    WriteJson(made);
                else
                    Summary(made);
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static Made Run(ParseResult parsed, SimulationOptions simulation, string folder, CancellationToken cancel)
    {
        var chip = Path.Combine(folder, "stories.chip");
        Directory.CreateDirectory(folder);
        Compile(chip, cancel);
        var description = ChipDirectory.ReadDescription(chip);
        Generation run;
        RunFigures figures;
        string text;
        using (var line = new ProgressLine())
        {
            line.Show("Run the chip");
            using var machine = simulation.PowerOn(parsed, chip, cancel);
            var prompt = machine.Tokenizer.Encode(Prompt, addSpecial: true, parseSpecial: true);
            run = machine.Generate(prompt, new GenerationRequest { MaximumTokens = 96, Sampler = SamplerSettings.Greedy }, cancel: cancel);
            figures = RunFigures.Of(run, machine, ChipsFolder.LatencyFactor(machine.Chip.Fabric));
            text = machine.Tokenizer.Decode([.. run.Tokens.Where(t => !machine.Tokenizer.IsEndOfGeneration(t))]);
        }

        ComparisonReport own,
            big;
        using (var line = new ProgressLine())
        {
            line.Show("Compare with an H200");
            own = BuildComparison.From(ChipsFolder.Library, description.Plan(), ["h200"], Input, Output, 0);
            var hc1 = ChipsFolder.Fabric("hc1");
            big = BuildComparison.From(
                ChipsFolder.Library,
                DesignLibrary.Plan(ChipsFolder.Library.Shape("llama-3.1-8b"), hc1, hc1.DefaultWeights),
                ["h200"],
                1000,
                1000,
                0
            );
        }

        var sweep = SweepCommand.Run(Path.Combine(ChipsFolder.Path, "sweeps", "demo.yaml"), Path.Combine(folder, "sweep"), 20, 0, cancel);
        var files = ReportCommand.Write(
            chip,
            folder,
            description.Plan(),
            null,
            own,
            sweep,
            ReportQuality.Of(chip, null),
            [$"./taalas demo -o {ShellText.Word(folder)}"]
        );
        return new Made(description, chip, text, run, figures, own, big, sweep.Rows.Count, files[0]);
    }

    private static void Compile(string chip, CancellationToken cancel)
    {
        var model = Path.Combine(ChipsFolder.Path, "demo", "stories.gguf");
        var fabric = ChipsFolder.Fabric("demo");
        using var line = new ProgressLine();
        var options = new CompileOptions
        {
            Fabric = fabric,
            Weights = fabric.DefaultWeights,
            Compiler = Product.Name,
        };
        var fit = CompileModel.ToImage(model, chip, options, new StepLine(line), cancel);
        if (!fit.Fits)
            throw new InputException($"{model} does not fit the demo fabric: {fit.Binding.Name}");
    }

    // What the demo made, for people and for programs.
    private sealed record Made(
        ChipDescription Chip,
        string Folder,
        string Text,
        Generation Run,
        RunFigures Figures,
        ComparisonReport Own,
        ComparisonReport Big,
        int Points,
        string Page
    );

    private static void WriteJson(Made made) =>
        Json.Write(
            new
            {
                Chip = made.Folder,
                Model = made.Chip.Model.Name,
                Fabric = made.Chip.Fabric.Name,
                made.Chip.Source.Weights,
                made.Chip.Resources,
                Prompt,
                made.Text,
                made.Run.Tokens,
                made.Run.PromptTokens,
                Simulated = made.Figures,
                Host = new { WallS = made.Run.WallSeconds, TokensPerSecond = RunFigures.HostRate(made.Run) },
                Comparisons = (object[])[CompareCommand.Document(made.Own), CompareCommand.Document(made.Big)],
                SweepPoints = made.Points,
                Report = made.Page,
            }
        );

    private static void Summary(Made made)
    {
        var (d, chip, text, run, figures, own, big, points, page) = made;
        var o = Console.Out;
        var r = d.Resources;
        o.WriteLine($"{d.Model.Name} on the {d.Fabric.Name} fabric, weights in {d.Source.Weights}");
        o.WriteLine(
            $"  masks      {NumberText.Count(r.WeightsLayerVias)} vias and {NumberText.Count(r.DataflowLayerStraps)} straps on "
                + $"{r.SitesUsed} of {NumberText.Count(r.SitesAvailable)} bank sites"
        );
        o.WriteLine($"  prompt     {Prompt}");
        var label = "says";
        foreach (var part in TextWrap.Lines(text.Trim(), 96))
        {
            o.WriteLine($"  {label, -10} {part}");
            label = "";
        }

        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  simulated  {NumberText.Significant(figures.TokensPerSecondUser ?? 0)} tokens/s for one user, first token after "
                    + $"{NumberText.Si(figures.TimeToFirstTokenUs * 1e-6, "s")}, {NumberText.Significant(figures.Watts)} W, "
                    + $"{NumberText.Si(figures.JoulesPerToken, "J")}/token"
            )
        );
        o.WriteLine($"  host       {run.PromptTokens + run.Tokens.Count} tokens in {NumberText.Si(run.WallSeconds, "s")}");
        Compared("this model", own);
        Compared($"{big.Model} on hc1", big);
        o.WriteLine($"  sweep      {points} design points in {Path.Combine(Path.GetDirectoryName(page)!, "sweep", "sweep.csv")}");
        o.WriteLine();
        o.WriteLine($"Report: {page}");
        o.WriteLine($"Chip:   {Path.Combine(chip, ChipDirectory.DescriptionName)}");
        o.WriteLine("Next:   ./taalas compile MODEL.gguf -o my.chip   ./taalas run my.chip -p \"...\"   ./taalas --help");

        void Compared(string name, ComparisonReport report)
        {
            o.WriteLine($"  {name}");
            foreach (var (view, words) in new[] { (ServiceView.OneUser, "one user"), (ServiceView.FullBatch, "full batch") })
                o.WriteLine($"    {words, -10} {string.Join("; ", report.Systems().Select(s => Line(s.Name, s.At(view), view)))}");
        }
    }

    private static string Line(string system, ServicePoint? point, ServiceView view) =>
        point is null
            ? $"{system} cannot"
            : $"{system} {Speed(point, view)} at {MeasureText.Of(point[FigureCatalog.Watts].Value, FigureCatalog.Watts.Unit)}";

    private static string Speed(ServicePoint point, ServiceView view)
    {
        var figure = view == ServiceView.OneUser ? FigureCatalog.TokensPerSecondUser : FigureCatalog.TokensPerSecondTotal;
        return MeasureText.Of(point[figure].Value, figure.Unit);
    }
}
