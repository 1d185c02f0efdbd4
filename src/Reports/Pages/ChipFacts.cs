using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>What a plan puts on its fabric.</summary>
public static class ChipFacts
{
    /// <summary>Model, fabric, formats and use of the fabric's resources.</summary>
    public static IReadOnlyList<Fact> Of(ChipPlan plan)
    {
        var (fabric, model) = (plan.Fabric, plan.Model);
        var weights = plan.Matrices.Sum(p => p.Weights);
        return
        [
            new(
                "model",
                model.Name,
                $"{Count(model.Layers)} layers, {Count(model.EmbeddingLength)} wide, {Count(model.VocabularySize)} tokens in the vocabulary"
            ),
            new(
                "weights",
                NumberText.Si(weights, ""),
                string.Join(
                    ", ",
                    plan.Matrices.GroupBy(p => p.Format)
                        .Select(g => (g.Key, Weights: g.Sum(p => p.Weights)))
                        .OrderByDescending(g => g.Weights)
                        .Select(g => $"{(double)g.Weights / weights * 100:0.#} % in {g.Key}")
                )
            ),
            new("fabric", fabric.Name, fabric.Description),
            new("dies", Count(fabric.Dies), $"{Count(fabric.Sites.Columns)} × {Count(fabric.Sites.Rows)} sites each"),
            new(
                "bank",
                $"{Count(fabric.Bank.Rows)} × {Count(fabric.Bank.Columns)} weights",
                $"{fabric.Bank.RomBitsPerWeight.ToString("0.##", CultureInfo.InvariantCulture)} bits for each weight and its share of "
                    + "a scale"
            ),
            new(
                "sites in use",
                $"{Count(plan.SitesUsed)} of {Count(plan.Sites)}",
                $"{((double)plan.SitesUsed / plan.Sites * 100).ToString("0.0", CultureInfo.InvariantCulture)} %"
            ),
            new(
                "key and value memory",
                NumberText.Si(fabric.KvSram.CapacityMb * 1e6 * fabric.Dies, "B"),
                $"{Count(fabric.KvSram.Banks)} banks a die"
            ),
            .. (
                plan.Adapters.Count > 0
                    ? new[]
                    {
                        new Fact(
                            "adapters in SRAM",
                            NumberText.Si(plan.AdapterBytes, "B"),
                            $"of the key and value memory, on {Count(plan.Adapters.Select(a => a.Matrix).Distinct().Count())} "
                                + $"matrices, rank up to {Count(plan.Adapters.Max(a => a.Rank))}"
                        ),
                    }
                    : []
            ),
            new("clock", NumberText.Si(fabric.Clock.Value, "Hz"), fabric.ClockGhz.Source),
            new(
                "arithmetic",
                $"{fabric.Numerics.ActivationBits} bits for activations, {fabric.Numerics.KvBits} bits for keys and values",
                $"vector unit in {fabric.Numerics.VectorPrecision}"
            ),
        ];
    }

    /// <summary>Layers and digests of a chip image.</summary>
    public static IReadOnlyList<Fact> Image(ChipDescription description) =>
        [
            new(
                "weights layer",
                $"{Count(description.Resources.WeightsLayerVias)} vias",
                $"for {Count(description.Resources.WeightsLayerBits)} code bits"
            ),
            new("dataflow layer", $"{Count(description.Resources.DataflowLayerStraps)} straps"),
            new(description.Source.File, description.Source.Sha256, "the model file; SHA-256"),
            .. description.Source.Adapters.Select(a => new Fact(
                a.File,
                a.Sha256,
                $"the adapter file, {a.Placement}, scale {a.Scale.ToString(CultureInfo.InvariantCulture)}; SHA-256"
            )),
            .. new[] { description.Files.Weights, description.Files.Dataflow, description.Files.Tokenizer, description.Files.Adapters }
                .OfType<ImageFile>()
                .Select(f => new Fact(f.Name, f.Sha256, $"{NumberText.Si(f.Bytes, "B")}; SHA-256")),
        ];

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
