using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Changes;

namespace TaalasSim.Cli.Commands;

/// <summary><c>diff CHIP CHIP</c>: which mask layers change from one image to another, and what that costs.</summary>
internal static class DiffCommand
{
    private const int ShownTensors = 12;

    public static Command Create()
    {
        var first = new Argument<string>("FIRST") { Description = "Folder of a chip image." };
        var second = new Argument<string>("SECOND") { Description = "Folder of the image that shall replace it." };
        var json = CommonOptions.Json();
        var command = new Command("diff", "What changes on the two mask layers from one chip image to another, which masks must be made anew, for how much and how long. Example: ./taalas diff old.chip new.chip") { first, second, json };
        command.SetAction((parsed, cancel) =>
        {
            var change = CompareImages.Compare(ChipsFolder.Library, parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), cancel);
            if (parsed.GetValue(json))
                WriteJson(change);
            else
                Print(change);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void WriteJson(ImageChange change) => Json.Write(new
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
        Tensors = change.Masks.Tensors.Select(t => new { t.Tensor, t.Bits, t.Changed, t.ViasAdded, t.ViasRemoved, t.Incomparable }),
    });

    private static void Print(ImageChange change)
    {
        var o = Console.Out;
        foreach (var difference in change.Differences)
            o.WriteLine($"differs    {difference}");
        o.WriteLine($"weights    {Layer(change.Masks.WeightsLayerPositions, change.Masks.SharesWeightsMask, "vias")}");
        o.WriteLine($"dataflow   {Layer(change.Masks.DataflowLayerPositions, change.Masks.SharesDataflowMask, "straps")}");
        o.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bits       {NumberText.Count(change.ChangedBits)} of {NumberText.Count(change.ComparedBits)} stored bits change{Share(change.ChangedBits, change.ComparedBits)}"));
        var changed = change.Masks.Tensors.Where(t => t.Changed > 0 || t.Incomparable.Length > 0).OrderByDescending(t => t.Incomparable.Length > 0).ThenByDescending(t => t.Changed).ToList();
        foreach (var t in changed.Take(ShownTensors))
            o.WriteLine($"  {t.Tensor,-32} {(t.Incomparable.Length > 0 ? t.Incomparable : $"{NumberText.Count(t.Changed)} of {NumberText.Count(t.Bits)}{Share(t.Changed, t.Bits)}: {NumberText.Count(t.ViasAdded)} vias more, {NumberText.Count(t.ViasRemoved)} fewer")}");
        if (changed.Count > ShownTensors)
            o.WriteLine($"  and {changed.Count - ShownTensors} more tensors (--json lists all)");
        o.WriteLine(change.LayersToMake.Count == 0
            ? "Nothing has to be made anew: the second chip can use both masks of the first."
            : $"To make anew: {string.Join(" and ", change.LayersToMake)}; masks {NumberText.Range(change.MasksUsd)} USD, cards after {NumberText.Range(change.Weeks)} weeks.");
    }

    private static string Layer(long? positions, bool shared, string what) =>
        positions is null ? "positions do not correspond" : shared ? "the mask can be shared" : $"{NumberText.Count(positions.Value)} {what} of the die change";

    private static string Share(long part, long all) => all > 0 ? $" ({NumberText.Significant(100.0 * part / all)} %)" : "";
}
