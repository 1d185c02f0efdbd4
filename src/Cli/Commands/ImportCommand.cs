using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Cli.Commands;

/// <summary><c>import GDS --like CHIP -o DIR</c>: the inverse of <c>export --gds</c>; the masks as drawn become a chip image that
/// runs.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var gds = new Argument<string>("GDS") { Description = "GDSII file of a complete chip, as written by export --gds." };
        var like = new Option<string>("--like")
        {
            Description = "Chip image that describes the ports: fabric, shapes, formats, tokenizer.",
            Required = true,
            HelpName = "CHIP",
        };
        var output = new OutputOption<string>("-o", "--output")
        {
            Description = "Folder of the new chip image.",
            Required = true,
            HelpName = "DIR",
        };
        var rules = new Option<string?>("--rules")
        {
            Description = "Mask rules: a name of chips/masks or a YAML file; default: those of the fabric's process.",
            HelpName = "NAME|FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "import",
            "Check drawn masks against the design rules, and make a chip image of their vias and straps; exit 1 when they break a "
                + "rule. Example: ./taalas import stories.gds --like stories.chip -o drawn.chip"
        )
        {
            gds,
            like,
            output,
            rules,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Run(
                        parsed.GetRequiredValue(gds),
                        parsed.GetRequiredValue(like),
                        parsed.GetRequiredValue(output),
                        parsed.GetValue(rules),
                        parsed.GetValue(json),
                        cancel
                    )
                )
        );
        return command;
    }

    private static int Run(string gds, string like, string output, string? rules, bool json, CancellationToken cancel)
    {
        ChipDirectory.CheckTarget(output);
        if (!Path.Exists(gds))
            throw new InputException($"{gds}: no such file");
        RegularFile.Check(gds, "a GDSII file");
        var geometry = ChipsFolder.Masks(ChipDirectory.ReadDescription(like).Fabric, rules);
        if (FileKind.SentenceOfNoLayout(gds) is { } other)
            throw new InputException($"{gds}: {other}");
        DrcReport report;
        ChipDescription? made = null;
        using (var line = new ProgressLine())
        {
            line.Show("Check design rules");
            using (var stream = File.OpenRead(gds))
                report = CheckMask.Run(stream, geometry, gds, cancel);
            line.Show("Read vias and straps");
            if (report.Clean)
                made = ImportGds.ToImage(gds, like, output, geometry, cancel);
        }

        if (json)
        {
            Json.Write(
                new
                {
                    Folder = made is null ? null : output,
                    Vias = made?.Resources.WeightsLayerVias,
                    Straps = made?.Resources.DataflowLayerStraps,
                    DesignRules = report,
                }
            );
        }
        else
        {
            DrcLines.Write(report);
            Console.Out.WriteLine(
                made is null
                    ? $"{output}: not written; fix {gds} first"
                    : $"{output}: {NumberText.Count(made.Resources.WeightsLayerVias)} vias and "
                        + $"{NumberText.Count(made.Resources.DataflowLayerStraps)} straps read; compare with ./taalas diff "
                        + $"{ShellText.Word(like)} {ShellText.Word(output)}"
            );
        }

        return made is null ? ExitCode.No : ExitCode.Done;
    }
}
