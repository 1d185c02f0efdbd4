namespace TaalasSim.ChipModel.Gpu;

/// <summary>Scores the GPU model against published figures.</summary>
public static class GpuValidation
{
    /// <summary>Largest mean error of one fitted run's step times, %.</summary>
    private const double WorstStepPct = 12;

    /// <summary>Scores a table of measurements with the committed calibration.</summary>
    /// <param name="csv">Table with the columns of <c>chips/gpus/measurements/calibration.csv</c>.</param>
    /// <param name="library">Cards, engines and models.</param>
    /// <param name="table">What the table is to the fit.</param>
    public static GpuScore Score(string csv, GpuLibrary library, GpuTable table = GpuTable.Unseen)
    {
        var (rows, faults) = GpuMeasurementFile.Read(csv);
        return Score(rows, faults, library, table);
    }

    /// <summary>Scores measurements already read.</summary>
    public static GpuScore Score(
        IReadOnlyList<GpuMeasurement> rows,
        IReadOnlyList<GpuUnmodelled> faults,
        GpuLibrary library,
        GpuTable table = GpuTable.Unseen
    )
    {
        var (cases, unmodelled) = GpuCases.Bind(rows, library);
        return Score(cases, [.. faults, .. unmodelled], library.Calibration, table);
    }

    /// <summary>Scores bound cases with any calibration, as cross-validation does.</summary>
    public static GpuScore Score(
        IReadOnlyList<GpuCase> cases,
        IReadOnlyList<GpuUnmodelled> unmodelled,
        GpuCalibration calibration,
        GpuTable table = GpuTable.Unseen
    )
    {
        var parameters = calibration.Values();
        var scored = cases.Select(c => ScoreCase(c, parameters, calibration, table)).ToList();
        var groups = scored
            .GroupBy(s => (s.Row.Group, s.Role))
            .OrderBy(g => g.Key.Role, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Group, StringComparer.Ordinal)
            .Select(g => ScoreGroup(g.Key.Group, g.Key.Role, [.. g], table));
        return new GpuScore
        {
            Groups = [.. groups],
            Rows = [.. scored.Select(s => s.Row)],
            Unmodelled = unmodelled,
        };
    }

    private static ScoredCase ScoreCase(GpuCase c, GpuParameters parameters, GpuCalibration calibration, GpuTable table)
    {
        var (card, model) = (calibration.Knows(c.Card), calibration.Knows(c.Model));
        var role = table switch
        {
            GpuTable.Reference => "reference",
            GpuTable.Unseen => "prediction",
            _ => "calibration",
        };
        var factors = parameters.For(c.Engine);
        var predicted = c.Predict(factors);
        var (name, gate) = Group(c, card, model, table);
        var width = calibration.HalfWidth(FitGpu.Kind(c), card, model);
        // What is not known of a new card's constants comes on top.
        var spread = Math.Exp(card ? width : Math.Sqrt((width * width) + GpuSpread.Squared(c.Card, s => c.Predict(s, factors), predicted)));
        var row = new GpuScoreRow
        {
            Id = c.Measurement.Id,
            Group = name,
            Measured = c.Measurement.Value,
            Predicted = predicted,
            Low = predicted / spread,
            High = predicted * spread,
            ErrorPct = 100 * ((predicted / c.Measurement.Value) - 1),
        };
        return new ScoredCase(row, role, c.Measurement.Run, gate);
    }

    private static GpuScoreGroup ScoreGroup(string name, string role, IReadOnlyList<ScoredCase> scored, GpuTable table)
    {
        // One run counts once however many figures it gave.
        var runs = scored
            .GroupBy(s => s.Run)
            .Select(r => (Mean: r.Average(x => Math.Abs(x.Row.ErrorPct)), Bias: r.Average(x => x.Row.ErrorPct)))
            .ToList();
        var (mean, worst, gate) = (runs.Average(r => r.Mean), runs.Max(r => r.Mean), scored[0].Gate);
        // Steps of the fitted runs have a limit for each run as well.
        var steps = table == GpuTable.Calibration && name.StartsWith("step time batch", StringComparison.Ordinal);
        return new GpuScoreGroup
        {
            Suite = "gpu",
            Name = name,
            Role = role,
            Count = scored.Count,
            Runs = runs.Count,
            MeanAbsPct = mean,
            WorstPct = worst,
            BiasPct = runs.Average(r => r.Bias),
            InsidePct = 100.0 * scored.Count(s => s.Row.Measured >= s.Row.Low && s.Row.Measured <= s.Row.High) / scored.Count,
            GatePct = gate,
            Pass = role == "reference" || (mean <= gate && (!steps || worst <= WorstStepPct)),
        };
    }

    /// <summary>The group and gate (mean absolute error, %) of a case.</summary>
    private static (string Name, double Gate) Group(GpuCase c, bool card, bool model, GpuTable table)
    {
        var kind = FitGpu.Kind(c);
        var mixture = kind.StartsWith("mixture_", StringComparison.Ordinal);
        var dense = mixture ? kind["mixture_".Length..] : kind;
        var name =
            (mixture ? "mixtures: " : "")
            + dense switch
            {
                "step_few" => "step time batch 1-8",
                "step_some" => "step time batch 16-64",
                "step_many" => "large-batch steps",
                "saturated" => "saturated throughput",
                _ => dense,
            };
        // Tables of several cards, engines and years scatter more than the one that the first gates were set for.
        var seen =
            mixture ? 15
            : table == GpuTable.Anchors ? AnchorGate(dense)
            : dense switch
            {
                "power" => 6,
                "step_few" or "step_some" => 5,
                _ => 10,
            };
        return (card, model) switch
        {
            (true, true) => (name, seen),
            (true, false) => (
                name + ", other models",
                mixture ? 15
                : dense is "step_few" or "step_some" ? 5
                : 10
            ),
            _ => (name + ", other GPUs", mixture ? 20 : 10),
        };
    }

    private static double AnchorGate(string kind) =>
        kind switch
        {
            // Two of the runs are at the edge of admission, where the wait depends on the last sequence that fits.
            "prefill" => 20,
            "step_few" or "step_some" => 8,
            "step_many" => 12,
            _ => 10,
        };

    private readonly record struct ScoredCase(GpuScoreRow Row, string Role, string Run, double Gate);
}
