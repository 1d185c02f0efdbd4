using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Leave-one-out checks: fit without one model or one card, then predict it. No run straddles a split.</summary>
public static class GpuCrossValidation
{
    private const double Covered = 0.9;

    /// <summary>Log ratios of predictions of each model by fits that did not see it.</summary>
    /// <param name="cases">Measurements.</param>
    /// <param name="start">Where each fit begins.</param>
    /// <param name="only">Models to leave out; null for all.</param>
    public static IReadOnlyList<GpuHeldOut> ByModel(
        IReadOnlyList<GpuCase> cases,
        GpuCalibration start,
        IReadOnlyCollection<string>? only = null
    ) => Run(cases, c => c.Model.Name, start, only);

    /// <summary>The same for each card.</summary>
    public static IReadOnlyList<GpuHeldOut> ByCard(IReadOnlyList<GpuCase> cases, GpuCalibration start) =>
        Run(cases, c => c.Card.Name, start, null);

    /// <summary>Mean absolute error (%) by kind of figure, each run counted once.</summary>
    public static IReadOnlyDictionary<string, double> Pooled(IReadOnlyList<GpuHeldOut> held) =>
        held.GroupBy(h => FitGpu.Kind(h.Case), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => g.GroupBy(h => h.Case.Measurement.Run).Average(r => r.Average(h => 100 * Math.Abs(Math.Exp(h.LogRatio) - 1))),
                StringComparer.Ordinal
            );

    /// <summary>The calibration with the half widths of its intervals: nine tenths of the figures lie within them when nothing, their model
    /// or their card was left out.</summary>
    public static GpuCalibration WithIntervals(IReadOnlyList<GpuCase> cases, GpuCalibration fit)
    {
        var values = fit.Values();
        var table = new Dictionary<string, Constant>(StringComparer.Ordinal);
        Add("known", [.. cases.Select(c => new GpuHeldOut(c, "", Math.Log(c.Predict(values) / c.Measurement.Value)))], "the fit itself");
        Add("model", ByModel(cases, fit), "fits without the model");
        Add("card", ByCard(cases, fit), "fits without the card");
        return fit with { Intervals = table.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal) };

        void Add(string unseen, IReadOnlyList<GpuHeldOut> held, string how)
        {
            foreach (var kind in held.GroupBy(h => FitGpu.Kind(h.Case), StringComparer.Ordinal))
            {
                var width = HalfWidth([.. kind]);
                table[kind.Key + "." + unseen] = new Constant
                {
                    Value = width,
                    Low = width,
                    High = width,
                    Unit = "1",
                    Confidence = "high",
                    Source = FormattableString.Invariant($"nine tenths of {kind.Count()} log ratios of {how}"),
                };
            }
        }
    }

    /// <summary>The width that holds nine tenths of the log ratios.</summary>
    public static double HalfWidth(IReadOnlyList<GpuHeldOut> held)
    {
        var sorted = held.Select(h => Math.Abs(h.LogRatio)).Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(Covered * sorted.Count))];
    }

    /// <summary>Share of the figures (0 to 1) inside a width that was taken from the others alone: from what else was left out.</summary>
    public static double Coverage(IReadOnlyList<GpuHeldOut> held)
    {
        var (inside, all) = (0, 0);
        foreach (var kind in held.GroupBy(h => FitGpu.Kind(h.Case), StringComparer.Ordinal))
        {
            foreach (var left in kind.GroupBy(h => h.LeftOut, StringComparer.Ordinal))
            {
                var others = kind.Where(h => h.LeftOut != left.Key).ToList();
                if (others.Count == 0)
                    continue;
                var width = HalfWidth(others);
                inside += left.Count(h => Math.Abs(h.LogRatio) <= width);
                all += left.Count();
            }
        }

        return all == 0 ? 0 : (double)inside / all;
    }

    private static List<GpuHeldOut> Run(
        IReadOnlyList<GpuCase> cases,
        Func<GpuCase, string> key,
        GpuCalibration start,
        IReadOnlyCollection<string>? only
    )
    {
        var held = new List<GpuHeldOut>();
        foreach (
            var name in cases
                .Select(key)
                .Where(k => only?.Contains(k) ?? true)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            var values = FitGpu.Fit([.. cases.Where(c => key(c) != name)], start).Values();
            held.AddRange(
                cases.Where(c => key(c) == name).Select(c => new GpuHeldOut(c, name, Math.Log(c.Predict(values) / c.Measurement.Value)))
            );
        }

        return held;
    }
}
