using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Sobol's indices of a field for a figure.</summary>
/// <param name="Figure">Column of the figure.</param>
/// <param name="Field">Varied field; zipped fields together, with a plus between them.</param>
/// <param name="Index">Its indices; NaN for a figure that does not vary.</param>
/// <param name="BasePoints">Base points of which all figures are known.</param>
public sealed record SweepSensitivity(string Figure, string Field, SobolIndex Index, int BasePoints)
{
    /// <summary>Fewest base points.</summary>
    internal const int FewestBasePoints = 16;

    /// <summary>Indices of every figure that the points have, the field with the largest total index first.</summary>
    public static IReadOnlyList<SweepSensitivity> Of(SweepResult result)
    {
        var space = SweepSpace.Of(result.Spec);
        var block = SaltelliPoints.BlockOf(space.Dimensions);
        var list = new List<SweepSensitivity>();
        foreach (var column in SweepStudy.Figures)
        {
            var values = result.Rows.Select(r => r.Status == SweepStatus.Ok ? column.Of(r.Figures) : null).Chunk(block).ToArray();
            var whole = values.Where(v => Array.TrueForAll(v, x => x is not null)).ToArray();
            if (whole.Length < FewestBasePoints)
                continue;
            double[] Kind(int kind) => Array.ConvertAll(whole, v => v[kind]!.Value);
            double[][] mixed = [.. Enumerable.Range(2, space.Dimensions).Select(Kind)];
            var indices = SobolIndices.Of(Kind(0), Kind(1), mixed, (ulong)result.Spec.Seed);
            list.AddRange(
                indices
                    .Select((index, d) => new SweepSensitivity(column.Name, SweepStudy.Field(result.Spec, d), index, whole.Length))
                    .OrderByDescending(s => s.Index.Total.Value)
            );
        }

        return list;
    }
}
