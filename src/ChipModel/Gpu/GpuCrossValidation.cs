namespace TaalasSim.ChipModel.Gpu;

/// <summary>Leave-one-out checks: fit without one model or one card, then predict it. No run straddles a split.</summary>
public static class GpuCrossValidation
{
    /// <summary>Holds out each model in turn; groups by held-out model name.</summary>
    public static IReadOnlyList<(string HeldOut, GpuScore Score)> ByModel(IReadOnlyList<GpuCase> cases) => Run(cases, c => c.Model.Name);

    /// <summary>Holds out each card in turn; groups by held-out card name.</summary>
    public static IReadOnlyList<(string HeldOut, GpuScore Score)> ByCard(IReadOnlyList<GpuCase> cases) => Run(cases, c => c.Card.Name);

    /// <summary>Pools the runs of all splits: mean absolute error (%) by kind of figure, each run counted once.</summary>
    public static IReadOnlyDictionary<string, double> Pooled(IReadOnlyList<(string HeldOut, GpuScore Score)> splits) =>
        splits
            .SelectMany(s => s.Score.Groups)
            .GroupBy(g => g.Name.Split(',')[0], StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(x => x.MeanAbsPct * x.Runs) / g.Sum(x => x.Runs), StringComparer.Ordinal);

    private static List<(string HeldOut, GpuScore Score)> Run(IReadOnlyList<GpuCase> cases, Func<GpuCase, string> key)
    {
        var results = new List<(string, GpuScore)>();
        foreach (var held in cases.Select(key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var fit = FitGpu.Fit([.. cases.Where(c => key(c) != held)]);
            results.Add((held, GpuValidation.Score([.. cases.Where(c => key(c) == held)], [], fit)));
        }

        return results;
    }
}
