using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Cli.Terminal;

/// <summary>One line about a chip image, as several commands print it.</summary>
/// <param name="Name">What the line is about.</param>
/// <param name="Text">The rest of the line.</param>
internal readonly record struct ImageRow(string Name, string Text)
{
    /// <summary>Vias, bits and weights of the weights layer.</summary>
    public static ImageRow WeightsLayer(ChipDescription chip) =>
        new(
            "weights layer",
            $"{NumberText.Count(chip.Resources.WeightsLayerVias)} vias for {NumberText.Count(chip.Resources.WeightsLayerBits)} bits of "
                + $"{NumberText.Count(chip.Resources.Weights)} weights"
        );

    /// <summary>Straps of the dataflow layer.</summary>
    public static ImageRow DataflowLayer(ChipDescription chip) =>
        new("dataflow layer", $"{NumberText.Count(chip.Resources.DataflowLayerStraps)} straps");

    /// <summary>Bank sites in use.</summary>
    public static ImageRow Sites(ChipDescription chip) =>
        new("sites", $"{NumberText.Count(chip.Resources.SitesUsed)} of {NumberText.Count(chip.Resources.SitesAvailable)}");

    /// <summary>Tokens that the memory for keys and values holds.</summary>
    public static ImageRow KvSram(ChipDescription chip) =>
        new(
            "KV SRAM",
            $"{NumberText.Count(chip.Resources.KvCapacityTokens)} tokens of {NumberText.Count(chip.Resources.KvBytesPerToken)} bytes"
        );

    /// <summary>One line for each adapter.</summary>
    public static IEnumerable<ImageRow> Adapters(ChipDescription chip) =>
        chip.Source.Adapters.Select(a => new ImageRow(
            "adapter",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{a.File}, {(a.Placement == "merged" ? "merged into the weights" : "in SRAM")}, scale {a.Scale}"
            )
        ));

    /// <summary>Bytes of adapters in SRAM; no line without adapters there.</summary>
    public static IEnumerable<ImageRow> AdapterSram(ChipDescription chip) =>
        chip.Adapters.Count == 0
            ? []
            :
            [
                new(
                    "adapter SRAM",
                    $"{NumberText.Count(chip.Plan().AdapterBytes)} bytes on "
                        + $"{NumberText.Count(chip.Adapters.Select(a => a.Matrix).Distinct().Count())} matrices"
                ),
            ];

    /// <summary>Writes the line.</summary>
    public void Write(TextWriter text) => text.WriteLine($"  {Name, -14} {Text}");
}
