namespace TaalasSim.ChipModel.Gpu;

/// <summary>Scores the GPU model against published figures.</summary>
public static class GpuValidation
{
    private const double NinetyPercent = 1.645;

    /// <summary>How much wider the scatter of cards and models is that the fit never saw (leave-one-out errors against fitted
    /// ones).</summary>
    private const double UnseenFactor = 1.5;

    /// <summary>Largest mean error of one fitted run's step times, %.</summary>
    private const double WorstStepPct = 12;

    /// <summary>Scores a table of measurements with the committed calibration.</summary>
    /// <param name="csv">Table with the columns of <c>chips/gpus/measurements/calibration.csv</c>.</param>
    /// <param name="library">Cards, engines and models.</param>
    /// <param name="reference">True for published bars, which are reported and not gated.</param>
    public static GpuScore Score(string csv, GpuLibrary library, bool reference = false)
    {
        var (rows, faults) = GpuMeasurementFile.Read(csv);
        return Score(rows, faults, library, reference);
    }

    /// <summary>Scores measurements already read.</summary>
    public static GpuScore Score(
        IReadOnlyList<GpuMeasurement> rows,
        IReadOnlyList<GpuUnmodelled> faults,
        GpuLibrary library,
        bool reference = false
    )
    {
        var (cases, unmodelled) = GpuCases.Bind(rows, library);
        return Score(cases, [.. faults, .. unmodelled], library.Calibration, reference);
    }

    /// <summary>Scores bound cases with any calibration, as cross-validation does.</summary>
    public static GpuScore Score(
        IReadOnlyList<GpuCase> cases,
        IReadOnlyList<GpuUnmodelled> unmodelled,
        GpuCalibration calibration,
        bool reference = false
    )
    {
        var parameters = calibration.Values();
        var scored = cases.Select(c => ScoreCase(c, c.Predict(parameters), calibration, reference)).ToList();
        var groups = scored
            .GroupBy(s => (s.Row.Group, s.Role))
            .OrderBy(g => g.Key.Role, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Group, StringComparer.Ordinal)
            .Select(g => ScoreGroup(g.Key.Group, g.Key.Role, [.. g]));
        return new GpuScore
        {
            Groups = [.. groups],
            Rows = [.. scored.Select(s => s.Row)],
            Unmodelled = unmodelled,
        };
    }

    private static ScoredCase ScoreCase(GpuCase c, double predicted, GpuCalibration calibration, bool reference)
    {
        var known =
            calibration.Cards.Contains(c.Card.Name, StringComparer.Ordinal)
            && calibration.Models.Contains(c.Model.Name, StringComparer.Ordinal);
        var role =
            reference ? "reference"
            : known ? "calibration"
            : "prediction";
        var (name, gate) = Group(c, known, calibration);
        var spread = Math.Exp(NinetyPercent * calibration.Residual(FitGpu.Kind(c.Quantity)) * (known ? 1 : UnseenFactor));
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

    private static GpuScoreGroup ScoreGroup(string name, string role, IReadOnlyList<ScoredCase> scored)
    {
        // One run counts once however many figures it gave.
        var runs = scored
            .GroupBy(s => s.Run)
            .Select(r => (Mean: r.Average(x => Math.Abs(x.Row.ErrorPct)), Bias: r.Average(x => x.Row.ErrorPct)))
            .ToList();
        var (mean, worst, gate) = (runs.Average(r => r.Mean), runs.Max(r => r.Mean), scored[0].Gate);
        // Steps of the fitted runs have a limit for each run as well.
        var steps = role == "calibration" && name.StartsWith("step time batch", StringComparison.Ordinal);
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
            GatePct = gate,
            Pass = role == "reference" || (mean <= gate && (!steps || worst <= WorstStepPct)),
        };
    }

    /// <summary>The group and gate (mean absolute error, %) of a case.</summary>
    private static (string Name, double Gate) Group(GpuCase c, bool known, GpuCalibration calibration)
    {
        const double mostStepBatch = 66;
        const double fewUsers = 12;
        var otherModels = calibration.Cards.Contains(c.Card.Name, StringComparer.Ordinal);
        var name = c.Quantity switch
        {
            GpuQuantity.StepTime
            or GpuQuantity.UserRate
            or GpuQuantity.DecodeRate
            or GpuQuantity.BatchRate when c.Engine.InFlightBatching || c.Quantity != GpuQuantity.BatchRate => c.Service.Batch < fewUsers
                ? "step time batch 1-8"
            : c.Service.Batch <= mostStepBatch ? "step time batch 16-64"
            : "large-batch steps",
            GpuQuantity.BatchRate or GpuQuantity.BatchRatePerCard or GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard =>
                "saturated throughput",
            GpuQuantity.Power or GpuQuantity.PowerPerCard => "power",
            _ => "prefill",
        };
        if (known)
            return (
                name,
                name switch
                {
                    "power" => 6,
                    "prefill" or "saturated throughput" or "large-batch steps" => 10,
                    _ => 5,
                }
            );
        return otherModels
            ? (
                name + ", other models",
                name switch
                {
                    "power" or "prefill" or "saturated throughput" or "large-batch steps" => 10,
                    _ => 5,
                }
            )
            : (name + ", other GPUs", 10);
    }

    private readonly record struct ScoredCase(GpuScoreRow Row, string Role, string Run, double Gate);
}
