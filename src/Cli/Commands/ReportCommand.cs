using System.CommandLine;
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
internal static class ReportCommand
{
    public static Command Create()
    {
        var design = new DesignOptions();
        var request = new RequestOptions();
        var output = new OutputOption<string>("-o", "--output")
        {
            Description = "Folder for report.html and its pictures.",
            Required = true,
            HelpName = "DIR",
        };
        var against = CommonOptions.Against();
        var gpuCards = CommonOptions.GpuCards();
        var sweep = new Option<string?>("--sweep")
        {
            Description = "Sweep description to run (or resume) and plot in the report.",
            HelpName = "SPEC",
        };
        var utilisation = CommonOptions.Utilisation();
        var json = CommonOptions.Json();
        var command = new Command(
            "report",
            "Write one HTML page about a chip: comparison, latency, area, power, floorplan, cost, constants with sources. Example: "
                + "./taalas report llama-3.1-8b -o out/report"
        )
        {
            output,
            against,
            gpuCards,
            sweep,
            utilisation,
            json,
        };
        design.AddTo(command);
        request.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var name = design.Name(parsed);
                var folder = parsed.GetRequiredValue(output);
                using var source = ModelInput.Open(name, cancel);
                var placed = design.Placed(parsed, source.Path);
                var plan = placed?.Plan ?? ChipDirectory.ReadDescription(source.Path).Plan();
                var (input, answer) = request.Of(parsed, plan);
                var gpus = CommonOptions.Gpus(parsed.GetValue(against)!, parsed.GetValue(gpuCards));
                var result = parsed.GetValue(sweep) is { } spec
                    ? SweepCommand.Run(spec, Path.Combine(folder, "sweep"), 60, 0, cancel)
                    : null;
                var comparison = BuildComparison.From(ChipsFolder.Library, plan, gpus, input, answer, 0, parsed.GetValue(utilisation));
                var straps = placed is null ? null : PlaceModel.RouteReductions(placed);
                var again = $"./taalas report {ShellText.Word(name)} -o {ShellText.Word(folder)}";
                var files = Write(name, folder, plan, straps, comparison, result, [again]);
                if (parsed.GetValue(json))
                    Json.Write(new { Report = files[0], Files = files });
                else
                    Console.Out.WriteLine($"{files[0]}: open it in a browser; {files.Count - 1} pictures are in the same folder");
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    /// <summary>Writes the page of a chip image, or of a placed model with its straps.</summary>
    public static IReadOnlyList<string> Write(
        string name,
        string folder,
        ChipPlan plan,
        IReadOnlyList<SiteStraps>? straps,
        ComparisonReport comparison,
        SweepResult? sweep,
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
        var data = BuildReport.From(ChipsFolder.Library, plan, straps, description, comparison, sweep, Product.Name, commands, remarks);
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
