using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Reports.Changes;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Cli.Commands;

/// <summary><c>diff CHIP CHIP</c>: which mask layers change from one image to another, and what that costs.</summary>
internal static class DiffCommand
{
    private const int ShownTensors = 12;

    public static Command Create()
    {
        var first = new Argument<string>("FIRST") { Description = "Folder of a chip image." };
        var second = new Argument<string>("SECOND") { Description = "Folder of the chip image that replaces it." };
        var gds = new OutputOption<string?>("--gds")
        {
            Description = "Write the difference (XOR) of the two layers as GDSII: a via or strap where exactly one of the images has one.",
            HelpName = "FILE",
        };
        var picture = new OutputOption<string?>("--picture")
        {
            Description = "Draw where on the die vias change; a .png or .svg file.",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "diff",
            "Compare the mask layers of two chip images: what changes, which masks must be made again, at what cost and how soon. "
                + "Example: ./taalas diff old.chip new.chip --gds change.gds --picture change.png"
        )
        {
            first,
            second,
            gds,
            picture,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var (a, b) = (parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
                if (parsed.GetValue(picture) is { } wrong && !Picture.IsPictureName(wrong))
                    throw new InputException($"--picture {wrong}: name a .png or .svg file");
                var change = CompareImages.Compare(ChipsFolder.Library, a, b, cancel);
                var drawn = Draw(a, b, parsed.GetValue(gds), parsed.GetValue(picture), cancel);
                if (parsed.GetValue(json))
                    WriteJson(change, drawn);
                else
                    Print(change, drawn);
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static Drawn Draw(string first, string second, string? gds, string? picture, CancellationToken cancel)
    {
        if (gds is null && picture is null)
            return new Drawn(null, null, null);
        using var a = MaskImage.Open(first, cancel);
        using var b = MaskImage.Open(second, cancel);
        var geometry = ChipsFolder.Masks(b.Fabric);
        using var line = new ProgressLine();
        var summary = gds is null ? null : ExportGds.DifferenceToFile(gds, a, b, geometry, line.Of("Write GDSII"), cancel);
        if (picture is not null)
        {
            using var chart = DieMapChart.Draw(DieMapData.Change(a, b, geometry, line.Of("Draw the difference"), cancel));
            chart.SaveAs(picture);
        }

        return new Drawn(gds, summary, picture);
    }

    private static void WriteJson(ImageChange change, Drawn drawn) =>
        Json.Write(
            new
            {
                change.SameFabric,
                change.Differences,
                change.LayersToMake,
                change.MasksUsd,
                change.Weeks,
                Layers = new
                {
                    Weights = new { ChangedPositions = change.Masks.WeightsLayerPositions, Shared = change.Masks.SharesWeightsMask },
                    Dataflow = new { ChangedPositions = change.Masks.DataflowLayerPositions, Shared = change.Masks.SharesDataflowMask },
                },
                change.ComparedBits,
                change.ChangedBits,
                Tensors = change.Masks.Tensors.Select(t => new
                {
                    t.Tensor,
                    t.Bits,
                    t.Changed,
                    ChangedShare = t.Bits > 0 ? (double)t.Changed / t.Bits : 0,
                    t.ViasAdded,
                    t.ViasRemoved,
                    t.Incomparable,
                }),
                Gds = drawn.Summary is null
                    ? null
                    : new
                    {
                        File = drawn.Gds,
                        drawn.Summary.Banks,
                        drawn.Summary.VectorArrays,
                        drawn.Summary.Vias,
                        drawn.Summary.Straps,
                        drawn.Summary.Bytes,
                    },
                drawn.Picture,
            }
        );

    private static void Print(ImageChange change, Drawn drawn)
    {
        var o = Console.Out;
        foreach (var difference in change.Differences)
            o.WriteLine($"differs    {difference}");
        o.WriteLine($"weights    {Layer(change.Masks.WeightsLayerPositions, change.Masks.SharesWeightsMask, "vias")}");
        o.WriteLine($"dataflow   {Layer(change.Masks.DataflowLayerPositions, change.Masks.SharesDataflowMask, "straps")}");
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"bits       {NumberText.Count(change.ChangedBits)} of {NumberText.Count(change.ComparedBits)} stored bits "
                    + $"change{Share(change.ChangedBits, change.ComparedBits)}"
            )
        );
        var changed = change
            .Masks.Tensors.Where(t => t.Changed > 0 || t.Incomparable.Length > 0)
            .OrderByDescending(t => t.Incomparable.Length > 0)
            .ThenByDescending(t => t.Changed)
            .ToList();
        var table = new TextTable().Words("").Words("");
        foreach (var t in changed.Take(ShownTensors))
            table.Row(
                t.Tensor,
                t.Incomparable.Length > 0
                    ? t.Incomparable
                    : $"{NumberText.Count(t.Changed)} of {NumberText.Count(t.Bits)}{Share(t.Changed, t.Bits)}: "
                        + $"{NumberText.Count(t.ViasAdded)} vias more, {NumberText.Count(t.ViasRemoved)} fewer"
            );
        table.Write(o);
        if (changed.Count > ShownTensors)
            o.WriteLine($"  and {changed.Count - ShownTensors} more tensors (--json lists all)");
        o.WriteLine(
            change.LayersToMake.Count == 0
                ? "No new masks: the second chip can use both masks of the first."
                : $"New layers: {string.Join(" and ", change.LayersToMake)}; masks {NumberText.Range(change.MasksUsd)} USD, cards "
                    + $"after {NumberText.Range(change.Weeks)} weeks."
        );
        if (drawn.Summary is { } summary)
            o.WriteLine(
                $"{drawn.Gds}: {NumberText.Count(summary.Vias)} vias and {NumberText.Count(summary.Straps)} straps that change, in "
                    + $"{NumberText.Count(summary.Banks + summary.VectorArrays)} cells, {NumberText.Si(summary.Bytes, "B")}"
            );
        if (drawn.Picture is not null)
            o.WriteLine($"{drawn.Picture}: where on the die vias change");
    }

    private static string Layer(long? positions, bool shared, string what) =>
        positions is null ? "positions do not correspond"
        : shared ? "the mask can be shared"
        : $"{NumberText.Count(positions.Value)} {what} of the die change";

    private static string Share(long part, long all) => all > 0 ? $" ({NumberText.Significant(100.0 * part / all)} %)" : "";

    // Files written besides.
    private sealed record Drawn(string? Gds, GdsSummary? Summary, string? Picture);
}
