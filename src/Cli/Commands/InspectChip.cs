using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Commands;

/// <summary><c>inspect</c> of a chip image: what stands on the fabric, from which files, in which formats.</summary>
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

        var (o, r) = (Console.Out, chip.Resources);
        o.WriteLine($"{chip.Model.Name} on {chip.Fabric.Name}");
        Row("image", $"{folder}, compiled by {chip.Compiler}");
        Row("model file", $"{chip.Source.File}, weights {chip.Source.Weights}");
        foreach (var a in chip.Source.Adapters)
            Row(
                "adapter",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{a.File}, {(a.Placement == "merged" ? "merged into the weights" : "in SRAM")}, scale {a.Scale}"
                )
            );
        Row("sites", $"{NumberText.Count(r.SitesUsed)} of {NumberText.Count(r.SitesAvailable)}");
        Row(
            "weights layer",
            $"{NumberText.Count(r.WeightsLayerVias)} vias for {NumberText.Count(r.WeightsLayerBits)} bits of {NumberText.Count(r.Weights)} weights"
        );
        Row("KV SRAM", $"{NumberText.Count(r.KvCapacityTokens)} tokens of {NumberText.Count(r.KvBytesPerToken)} bytes");
        if (chip.Adapters.Count > 0)
            Row(
                "adapter SRAM",
                $"{NumberText.Count(plan.AdapterBytes)} bytes on {NumberText.Count(chip.Adapters.Select(a => a.Matrix).Distinct().Count())} matrices"
            );
        foreach (var format in chip.Matrices.GroupBy(p => p.Format, StringComparer.Ordinal).OrderByDescending(g => g.Sum(p => p.Weights)))
            Row(format.Key, $"{format.Count()} matrices, {NumberText.Si(format.Sum(p => p.Weights), "")} weights");
        if (chip.Choice is { } choice)
            ChoiceTable.Print(choice);
        if (tensors)
            foreach (var p in chip.Matrices)
                o.WriteLine($"  {p.Name, -34} {p.Format, -6} {p.Inputs} × {p.Outputs}, {p.Banks} banks from site {p.FirstSite}");
        return ExitCode.Done;

        void Row(string name, string text) => o.WriteLine($"  {name, -14} {text}");
    }
}
