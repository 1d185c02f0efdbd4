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
    private const double HuberWidth = 2;
    private const double NinetyPercent = 1.645;

    /// <summary>Expected scatter of a figure by quantity (log), the fit's weights.</summary>
    private static double Scatter(GpuCase c) =>
        c.Quantity switch
        {
            // The median step of a large batch depends on how prompts are cut into chunks, which no table states.
            GpuQuantity.StepTime when c.Service.Batch > 66 => 0.15,
            GpuQuantity.StepTime or GpuQuantity.UserRate => 0.035,
            GpuQuantity.BatchRate when c.Engine.InFlightBatching && c.Service.Batch <= 66 => 0.035,
            GpuQuantity.BatchRate or GpuQuantity.BatchRatePerCard => 0.06,
            GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard => 0.06,
            GpuQuantity.Power or GpuQuantity.PowerPerCard => 0.04,
            _ => 0.08,
        };

    /// <summary>Fits every parameter the cases inform; the others stay at their priors.</summary>
    public static GpuCalibration Fit(IReadOnlyList<GpuCase> cases)
    {
        var specs = GpuFitParameter.All;
        var point = specs.Select(s => s.Fixed ? 0.0 : Math.Log(s.Prior)).ToArray();
        var free = Enumerable.Range(0, specs.Count).Where(i => !specs[i].Fixed).ToArray();
        var perRun = cases.GroupBy(c => (c.Measurement.Run, Kind(c.Quantity))).ToDictionary(g => g.Key, g => g.Count());
        var weight = cases.Select(c => 1 / (Scatter(c) * Math.Sqrt(perRun[(c.Measurement.Run, Kind(c.Quantity))]))).ToArray();

        double[] Residuals(double[] at)
        {
            var parameters = Parameters(specs, at);
            var r = new double[cases.Count];
            for (var i = 0; i < r.Length; i++)
                r[i] = Math.Log(cases[i].Predict(parameters) / cases[i].Measurement.Value);
            return r;
        }

        double Cost(double[] at, double[] residuals)
        {
            var cost = 0.0;
            for (var i = 0; i < residuals.Length; i++)
                cost += Huber(residuals[i] * weight[i]);
            foreach (var k in free)
                cost += Square((at[k] - Math.Log(specs[k].Prior)) / specs[k].Spread);
            return cost;
        }

        var current = Residuals(point);
        var best = Cost(point, current);
        var damping = 1e-2;
        var curvature = new double[free.Length, free.Length];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var (gradient, normal) = Linearise(point, current);
            curvature = normal;
            var improved = false;
            for (var attempt = 0; attempt < 8 && !improved; attempt++)
            {
                var step = Solve(normal, gradient, damping);
                var trial = (double[])point.Clone();
                for (var k = 0; k < free.Length; k++)
                    trial[free[k]] -= Math.Clamp(step[k], -0.3, 0.3);
                var residuals = Residuals(trial);
                var cost = Cost(trial, residuals);
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

        var spread = Deviations(curvature);
        var constants = new Dictionary<string, Technology.Constant>(StringComparer.Ordinal);
        for (var i = 0; i < specs.Count; i++)
        {
            var k = Array.IndexOf(free, i);
            constants[specs[i].Name] = specs[i]
                .Constant(k < 0 ? specs[i].Prior : Math.Exp(point[i]), k < 0 ? 0 : NinetyPercent * spread[k]);
        }

        return new GpuCalibration
        {
            Parameters = constants,
            Residuals = ResidualSpread(cases, current),
            Models = [.. cases.Select(c => c.Model.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Cards = [.. cases.Select(c => c.Card.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };

        (double[] Gradient, double[,] Normal) Linearise(double[] at, double[] residuals)
        {
            const double delta = 1e-4;
            var jacobian = new double[free.Length][];
            for (var k = 0; k < free.Length; k++)
            {
                var moved = (double[])at.Clone();
                moved[free[k]] += delta;
                jacobian[k] = Residuals(moved);
                for (var i = 0; i < residuals.Length; i++)
                    jacobian[k][i] = (jacobian[k][i] - residuals[i]) / delta;
            }

            var gradient = new double[free.Length];
            var normal = new double[free.Length, free.Length];
            for (var i = 0; i < residuals.Length; i++)
            {
                var scaled = residuals[i] * weight[i];
                var w = weight[i] * weight[i] * (Math.Abs(scaled) > HuberWidth ? HuberWidth / Math.Abs(scaled) : 1);
                for (var a = 0; a < free.Length; a++)
                {
                    if (jacobian[a][i] == 0)
                        continue;
                    gradient[a] += w * jacobian[a][i] * residuals[i];
                    for (var b = 0; b < free.Length; b++)
                        normal[a, b] += w * jacobian[a][i] * jacobian[b][i];
                }
            }

            for (var k = 0; k < free.Length; k++)
            {
                var spec = specs[free[k]];
                gradient[k] += (at[free[k]] - Math.Log(spec.Prior)) / (spec.Spread * spec.Spread);
                normal[k, k] += 1 / (spec.Spread * spec.Spread);
            }

            return (gradient, normal);
        }
    }

    /// <summary>Binds and fits the committed measurements of a <c>chips</c> folder, from the priors; what <c>calibration.yaml</c> was
    /// written by.</summary>
    public static GpuCalibration Refit(string chips)
    {
        var library = GpuLibrary.Load(chips, Fit([]));
        var (rows, _) = GpuMeasurementFile.Read(Path.Combine(chips, "gpus", "measurements", "calibration.csv"));
        return Fit(GpuCases.Bind(rows, library).Cases);
    }

    /// <summary>The calibration as the text of <c>chips/gpus/calibration.yaml</c>.</summary>
    public static string ToYaml(GpuCalibration calibration)
    {
        var text = new StringBuilder(
            "# Written by FitGpu from chips/gpus/measurements/calibration.csv (H100 SXM, A100 SXM); do not edit: change GpuFitParameter and fit again.\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"cards: [{string.Join(", ", calibration.Cards)}]\n");
        text.Append(CultureInfo.InvariantCulture, $"models: [{string.Join(", ", calibration.Models)}]\n");
        foreach (var (key, table) in new[] { ("residuals", calibration.Residuals), ("parameters", calibration.Parameters) })
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}:\n");
            foreach (var (name, c) in table)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {name}: {{ value: {c.Value:G4}, low: {c.Low:G4}, high: {c.High:G4}, unit: {c.Unit}, source: \"{c.Source}\", confidence: {c.Confidence} }}\n"
                );
        }

        return text.ToString();
    }

    /// <summary>Which residual spread a quantity draws from.</summary>
    public static string Kind(GpuQuantity quantity) =>
        quantity switch
        {
            GpuQuantity.StepTime or GpuQuantity.UserRate or GpuQuantity.BatchRate => "step",
            GpuQuantity.BatchRatePerCard or GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard => "saturated",
            GpuQuantity.Power or GpuQuantity.PowerPerCard => "power",
            _ => "prefill",
        };

    private static GpuParameters Parameters(IReadOnlyList<GpuFitParameter> specs, double[] at) =>
        new(specs.Select((s, i) => KeyValuePair.Create(s.Name, s.Fixed ? s.Prior : Math.Exp(at[i]))));

    private static Dictionary<string, Technology.Constant> ResidualSpread(IReadOnlyList<GpuCase> cases, double[] residuals)
    {
        var table = new Dictionary<string, Technology.Constant>(StringComparer.Ordinal);
        foreach (
            var group in cases
                .Select((c, i) => (Kind: Kind(c.Quantity), Residual: residuals[i]))
                .GroupBy(x => x.Kind)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
        )
        {
            var spread = Math.Sqrt(group.Average(x => x.Residual * x.Residual));
            table[group.Key] = new Technology.Constant
            {
                Value = spread,
                Low = spread,
                High = spread,
                Unit = "1",
                Confidence = "high",
                Source = string.Create(
                    CultureInfo.InvariantCulture,
                    $"root mean square log ratio of {group.Count()} figures of calibration.csv"
                ),
            };
        }

        return table;
    }

    private static double Huber(double x) => Math.Abs(x) <= HuberWidth ? x * x : (2 * HuberWidth * Math.Abs(x)) - (HuberWidth * HuberWidth);

    private static double Square(double x) => x * x;

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
