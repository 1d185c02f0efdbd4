using System.Globalization;
using System.Text;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>
/// Fits the engine and power parameters to measurements: a maximum-a-posteriori estimate on log ratios (Levenberg–Marquardt with Huber
/// weights, each run counted once, log-normal priors), and their 90 % intervals from the curvature. Deterministic.
/// </summary>
public static class FitGpu
{
    private const int Iterations = 40;
    private const double NinetyPercent = 1.645;

    /// <summary>Fits every parameter the cases inform; the others stay at their priors. Intervals of predictions are left empty.</summary>
    /// <param name="cases">Measurements.</param>
    /// <param name="start">Where to begin; the priors when null.</param>
    public static GpuCalibration Fit(IReadOnlyList<GpuCase> cases, GpuCalibration? start = null)
    {
        var problem = new GpuFitProblem(cases);
        var (point, _, curvature) = Minimise(problem, start is null ? problem.Start() : problem.Start(start));
        var spread = Deviations(curvature);
        var constants = new Dictionary<string, Technology.Constant>(StringComparer.Ordinal);
        for (var i = 0; i < problem.Specs.Count; i++)
        {
            var spec = problem.Specs[i];
            var k = Array.IndexOf(problem.Free, i);
            constants[spec.Name] = spec.Constant(k < 0 ? spec.Prior : Math.Exp(point[i]), k < 0 ? 0 : NinetyPercent * spread[k]);
        }

        return new GpuCalibration
        {
            Parameters = constants,
            Intervals = [],
            Models = [.. cases.Select(c => c.Model.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Cards = [.. cases.Select(c => c.Card.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    // Levenberg–Marquardt: the damping falls after a step that helps and rises until one does.
    private static (double[] Point, double[] Residuals, double[,] Curvature) Minimise(GpuFitProblem problem, double[] start)
    {
        var point = start;
        var current = problem.Residuals(point);
        var best = problem.Cost(point, current);
        var damping = 1e-2;
        var curvature = new double[problem.Free.Length, problem.Free.Length];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var (gradient, normal) = problem.Linearise(point, current);
            curvature = normal;
            var improved = false;
            for (var attempt = 0; attempt < 8 && !improved; attempt++)
            {
                var step = Solve(normal, gradient, damping);
                var trial = (double[])point.Clone();
                for (var k = 0; k < problem.Free.Length; k++)
                    trial[problem.Free[k]] -= Math.Clamp(step[k], -0.3, 0.3);
                var residuals = problem.Residuals(trial);
                var cost = problem.Cost(trial, residuals);
                improved = cost < best;
                if (improved)
                {
                    var gain = best - cost;
                    (point, current, best) = (trial, residuals, cost);
                    damping = Math.Max(1e-6, damping / 4);
                    if (gain < 1e-7 * best)
                        iteration = Iterations;
                }
                else
                {
                    damping *= 5;
                }
            }

            if (!improved)
                break;
        }

        return (point, current, curvature);
    }

    /// <summary>Binds and fits the committed measurements of a <c>chips</c> folder, from the priors: the parameters of
    /// <c>calibration.yaml</c>.</summary>
    public static (GpuCalibration Calibration, IReadOnlyList<GpuCase> Cases) Refit(string chips)
    {
        var library = GpuLibrary.Load(chips, Fit([]));
        var folder = Path.Combine(chips, "gpus", "measurements");
        var rows = Tables.SelectMany(t => GpuMeasurementFile.Read(Path.Combine(folder, t)).Rows);
        var cases = GpuCases.Bind(rows, library).Cases;
        return (Fit(cases), cases);
    }

    /// <summary>Tables that the fit reads, in <c>chips/gpus/measurements</c>.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["calibration.csv", "anchors.csv"];

    /// <summary>The calibration as the text of <c>chips/gpus/calibration.yaml</c>.</summary>
    public static string ToYaml(GpuCalibration calibration)
    {
        var text = new StringBuilder(
            "# Written by FitGpu from calibration.csv and anchors.csv in chips/gpus/measurements; do not edit: change "
                + "GpuFitParameter and fit again.\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"cards: [{string.Join(", ", calibration.Cards)}]\n");
        text.Append(CultureInfo.InvariantCulture, $"models: [{string.Join(", ", calibration.Models)}]\n");
        foreach (var (key, table) in new[] { ("intervals", calibration.Intervals), ("parameters", calibration.Parameters) })
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}:\n");
            foreach (var (name, c) in table)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {name}: {{ value: {c.Value:G4}, low: {c.Low:G4}, high: {c.High:G4}, unit: {c.Unit}, source: "
                        + $"\"{c.Source}\", confidence: {c.Confidence} }}\n"
                );
        }

        return text.ToString();
    }

    /// <summary>The kind of a figure, whose interval it has: <c>step_few</c> (up to 12 sequences), <c>step_some</c> (up to 66),
    /// <c>step_many</c>, <c>saturated</c>, <c>prefill</c> or <c>power</c>; <c>mixture_</c> before it for mixtures of experts.</summary>
    public static string Kind(GpuCase c) =>
        (c.Model.Experts > 0 ? "mixture_" : "")
        + c.Quantity switch
        {
            GpuQuantity.StepTime or GpuQuantity.UserRate or GpuQuantity.BatchRate or GpuQuantity.DecodeRate => StepKind(c.Service.Batch),
            GpuQuantity.BatchRatePerCard or GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard => "saturated",
            GpuQuantity.Power or GpuQuantity.PowerPerCard => "power",
            _ => "prefill",
        };

    /// <summary>The kind of a step by its batch.</summary>
    public static string StepKind(double batch) =>
        batch < 12 ? "step_few"
        : batch <= 66 ? "step_some"
        : "step_many";

    /// <summary>Solves (N + damping·diag N) x = g by Cholesky decomposition; N is positive definite because every parameter has a
    /// prior.</summary>
    private static double[] Solve(double[,] normal, double[] gradient, double damping)
    {
        var n = gradient.Length;
        var l = Cholesky(normal, damping);
        var x = new double[n];
        for (var i = 0; i < n; i++)
        {
            var sum = gradient[i];
            for (var k = 0; k < i; k++)
                sum -= l[i, k] * x[k];
            x[i] = sum / l[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var k = i + 1; k < n; k++)
                sum -= l[k, i] * x[k];
            x[i] = sum / l[i, i];
        }

        return x;
    }

    private static double[,] Cholesky(double[,] matrix, double damping)
    {
        var n = matrix.GetLength(0);
        var l = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j] * (i == j ? 1 + damping : 1);
                for (var k = 0; k < j; k++)
                    sum -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / l[j, j];
            }
        }

        return l;
    }

    /// <summary>Standard deviations: square roots of the diagonal of the inverse.</summary>
    private static double[] Deviations(double[,] normal)
    {
        var n = normal.GetLength(0);
        var deviations = new double[n];
        for (var i = 0; i < n; i++)
        {
            var unit = new double[n];
            unit[i] = 1;
            deviations[i] = Math.Sqrt(Math.Max(0, Solve(normal, unit, 0)[i]));
        }

        return deviations;
    }
}
