using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Placement;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>report CHIP|MODEL -o DIR</c>: one self-contained page with its pictures beside it.</summary>
internal sealed class ReportCommand
{
    private readonly DesignOptions _design = new();
    private readonly RequestOptions _request = new();
    private readonly OutputOption<string> _output = new("-o", "--output")
    {
        Description = "Folder for report.html and its pictures.",
        Required = true,
        HelpName = "DIR",
    };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string> _against = CommonOptions.Against();
    private readonly NumberOption<int> _gpuCards = CommonOptions.GpuCards();
    private readonly Option<string?> _sweep = new("--sweep")
    {
        Description = "Sweep description to run (or resume) and plot in the report.",
        HelpName = "SPEC",
    };
    private readonly Option<string?> _quality = new("--quality")
    {
        Description = "Measured quality to show: the output of perplexity CHIP -f TEXT --json.",
        HelpName = "FILE",
    };
    private readonly NumberOption<double> _utilisation = CommonOptions.Utilisation();

    public static Command Create()
    {
        var self = new ReportCommand();
        var command = new Command(
            "report",
            "Write one HTML page about a chip: the answer, where time, area and power go, floorplan, cost, constants with "
                + "sources. Example: "
                + "./taalas report llama-3.1-8b -o out/report"
        )
        {
            self._output,
            self._against,
            self._gpuCards,
            self._sweep,
            self._quality,
            self._utilisation,
            self._json,
        };
        self._design.AddTo(command);
        self._request.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var name = _design.Name(parsed);
        var folder = parsed.GetRequiredValue(_output);
        using var source = ModelInput.Open(name, cancel);
        var quality = ReportQuality.Of(name, parsed.GetValue(_quality));
        var placed = _design.Placed(parsed, source.Path);
        var plan = placed?.Plan ?? ChipDirectory.ReadDescription(source.Path).Plan();
        var (input, answer) = _request.Of(parsed, plan);
        var gpus = CommonOptions.Gpus(parsed.GetValue(_against)!, parsed.GetValue(_gpuCards));
        var result = parsed.GetValue(_sweep) is { } spec ? SweepCommand.Run(spec, Path.Combine(folder, "sweep"), 60, 0, cancel) : null;
        var comparison = BuildComparison.From(ChipsFolder.Library, plan, gpus, input, answer, 0, parsed.GetValue(_utilisation));
        var straps = placed is null ? null : PlaceModel.RouteReductions(placed);
        var files = Write(name, folder, plan, straps, comparison, result, quality, [Again(parsed, placed, input, answer)]);
        if (parsed.GetValue(_json))
            Json.Write(new { Report = files[0], Files = files });
        else
            Console.Out.WriteLine($"{files[0]}: open it in a browser; {files.Count - 1} pictures are in the same folder");
        return ExitCode.Done;
    }

    // Every option that the page depends on, those that were not given with the values that they took.
    private string Again(ParseResult parsed, PlacedModel? placed, int input, int answer)
    {
        List<string> words = ["./taalas", "report", _design.Name(parsed), "-o", parsed.GetRequiredValue(_output)];
        if (placed is not null)
            words.AddRange(_design.Words(parsed));
        words.AddRange(["--against", parsed.GetValue(_against)!, "--gpu-cards", Text(parsed.GetValue(_gpuCards))]);
        words.AddRange(["--input", Text(input), "--output-tokens", Text(answer), "--utilisation", Text(parsed.GetValue(_utilisation))]);
        if (parsed.GetValue(_sweep) is { } sweep)
            words.AddRange(["--sweep", sweep]);
        if (parsed.GetValue(_quality) is { } quality)
            words.AddRange(["--quality", quality]);
        return string.Join(' ', words.Select(ShellText.Word));

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the page of a chip image, or of a placed model with its straps.</summary>
    public static IReadOnlyList<string> Write(
        string name,
        string folder,
        ChipPlan plan,
        IReadOnlyList<SiteStraps>? straps,
        ComparisonReport comparison,
        SweepResult? sweep,
        QualityFacts quality,
        IReadOnlyList<string> commands
    )
    {
        using var line = new ProgressLine();
        line.Show("Draw the report");
        var description = Directory.Exists(name) ? ChipDirectory.ReadDescription(name) : null;
        straps ??= description is null
            ? null
            : DataflowLayer.Decode(File.ReadAllBytes(ChipDirectory.Verify(name, description.Files.Dataflow)), name);
        string[] remarks =
        [
            "Intervals are the 5 % and 95 % points of a Monte Carlo over every constant. The silicon model is calibrated on the published "
                + "figures of HC1 alone, the GPU model on H100 and A100 measurements alone; everything else is prediction.",
            "A hard-wired chip serves one model for its life; a GPU loads any.",
        ];
        var data = BuildReport.From(
            ChipsFolder.Library,
            plan,
            straps,
            description,
            comparison,
            sweep,
            quality,
            Product.Name,
            commands,
            remarks
        );
        return ReportFiles.Write(data with { Masks = description is null ? null : Masks(name) }, folder);
    }

    // Null for a process whose mask rules nobody has written down.
    private static MaskPictures? Masks(string chip)
    {
        using var image = MaskImage.Open(chip);
        if (!File.Exists(Path.Combine(ChipsFolder.Path, "masks", image.Fabric.Technology + ".yaml")))
            return null;
        return MaskPictures.Of(image, ChipsFolder.Masks(image.Fabric), site: null);
    }
}
