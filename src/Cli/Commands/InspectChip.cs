using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Commands;

/// <summary><c>inspect</c> of a chip image: what is on the fabric, from which files, in which formats.</summary>
internal static class InspectChip
{
    public static int Run(string folder, bool tensors, bool json)
    {
        var chip = ChipDirectory.ReadDescription(folder);
        var plan = chip.Plan();
        if (json)
        {
            Json.Write(
                new
                {
                    Chip = folder,
                    chip.Model,
                    Fabric = chip.Fabric.Name,
                    chip.Source,
                    chip.Resources,
                    chip.Files,
                    AdapterBytes = plan.AdapterBytes,
                    chip.Adapters,
                    chip.Choice,
                    Ports = chip.Matrices,
                }
            );
            return ExitCode.Done;
        }

        Print(folder, chip);
        if (tensors)
            foreach (var p in chip.Matrices)
                Console.Out.WriteLine($"  {p.Name, -34} {p.Format, -6} {p.Inputs} × {p.Outputs}, {p.Banks} banks from site {p.FirstSite}");
        return ExitCode.Done;
    }

    private static void Print(string folder, ChipDescription chip)
    {
        Console.Out.WriteLine($"{chip.Model.Name} on {chip.Fabric.Name}");
        ImageRow[] rows =
        [
            new("image", $"{folder}, compiled by {chip.Compiler}"),
            new("model file", $"{chip.Source.File}, weights {chip.Source.Weights}"),
            .. ImageRow.Adapters(chip),
            ImageRow.Sites(chip),
            ImageRow.WeightsLayer(chip),
            ImageRow.KvSram(chip),
            .. ImageRow.AdapterSram(chip),
            .. chip
                .Matrices.GroupBy(p => p.Format, StringComparer.Ordinal)
                .OrderByDescending(g => g.Sum(p => p.Weights))
                .Select(g => new ImageRow(g.Key, $"{g.Count()} matrices, {NumberText.Si(g.Sum(p => p.Weights), "")} weights")),
        ];
        foreach (var row in rows)
            row.Write(Console.Out);
        if (chip.Choice is { } choice)
            ChoiceTable.Print(choice);
    }
}
