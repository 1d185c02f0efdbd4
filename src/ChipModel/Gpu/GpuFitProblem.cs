namespace TaalasSim.ChipModel.Gpu;

/// <summary>The least-squares problem of <see cref="FitGpu"/>: log ratios of prediction to measurement as a function of the log parameters,
/// Huber weights, and a log-normal prior for every free parameter.</summary>
internal sealed class GpuFitProblem
{
    private const double HuberWidth = 2;

    private readonly IReadOnlyList<GpuCase> _cases;
    private readonly double[] _weight;

    /// <summary>States the problem.</summary>
    /// <param name="cases">Measurements; figures of one run share the weight of one.</param>
    public GpuFitProblem(IReadOnlyList<GpuCase> cases)
    {
        _cases = cases;
        Free = [.. Enumerable.Range(0, Specs.Count).Where(i => !Specs[i].Fixed)];
        var perRun = cases.GroupBy(c => (c.Measurement.Run, FitGpu.Kind(c))).ToDictionary(g => g.Key, g => g.Count());
        _weight = [.. cases.Select(c => 1 / (Scatter(c) * Math.Sqrt(perRun[(c.Measurement.Run, FitGpu.Kind(c))])))];
    }

    /// <summary>All parameters; a point has the logarithm of each, and 0 for a fixed one.</summary>
    public IReadOnlyList<GpuFitParameter> Specs { get; } = GpuFitParameter.All;

    /// <summary>Indices of the parameters that are fitted.</summary>
    public int[] Free { get; }

    /// <summary>The point of the priors.</summary>
    public double[] Start() => [.. Specs.Select(s => s.Fixed ? 0.0 : Math.Log(s.Prior))];

    /// <summary>The point of a calibration.</summary>
    public double[] Start(GpuCalibration calibration) =>
        [.. Specs.Select(s => s.Fixed ? 0.0 : Math.Log(calibration.Parameters.TryGetValue(s.Name, out var c) ? c.Value : s.Prior))];

    /// <summary>Log ratio of prediction to measurement of every case.</summary>
    public double[] Residuals(double[] at)
    {
        var factors = Factors(at);
        var r = new double[_cases.Count];
        for (var i = 0; i < r.Length; i++)
            r[i] = Residual(_cases[i], factors);
        return r;
    }

    private Dictionary<GpuEngine, GpuFactors> Factors(double[] at)
    {
        var parameters = new GpuParameters(Specs.Select((s, i) => KeyValuePair.Create(s.Name, s.Fixed ? s.Prior : Math.Exp(at[i]))));
        return _cases.Select(c => c.Engine).Distinct().ToDictionary(e => e, parameters.For);
    }

    private static double Residual(GpuCase c, Dictionary<GpuEngine, GpuFactors> factors) =>
        Math.Log(c.Predict(factors[c.Engine]) / c.Measurement.Value);

    // A parameter of one engine moves the cases of that engine and of those that borrow from it.
    private static bool Moves(GpuFitParameter spec, GpuEngine engine)
    {
        var owner = spec.Name[..spec.Name.LastIndexOf('.')];
        return owner == "shared" || owner == engine.Name || owner == engine.FallsBackTo || owner == engine.ServesLike;
    }

    /// <summary>What the fit minimises: weighted residuals and distances from the priors, in squared standard deviations.</summary>
    public double Cost(double[] at, double[] residuals)
    {
        var cost = 0.0;
        for (var i = 0; i < residuals.Length; i++)
            cost += Huber(residuals[i] * _weight[i]);
        foreach (var k in Free)
            cost += Square((at[k] - Math.Log(Specs[k].Prior)) / Specs[k].Spread);
        return cost;
    }

    /// <summary>Gradient and normal matrix of the free parameters at a point, from differences of one ten-thousandth.</summary>
    public (double[] Gradient, double[,] Normal) Linearise(double[] at, double[] residuals)
    {
        const double delta = 1e-4;
        var jacobian = new double[Free.Length][];
        for (var k = 0; k < Free.Length; k++)
        {
            var moved = (double[])at.Clone();
            moved[Free[k]] += delta;
            var factors = Factors(moved);
            jacobian[k] = new double[residuals.Length];
            for (var i = 0; i < residuals.Length; i++)
                if (Moves(Specs[Free[k]], _cases[i].Engine))
                    jacobian[k][i] = (Residual(_cases[i], factors) - residuals[i]) / delta;
        }

        var gradient = new double[Free.Length];
        var normal = new double[Free.Length, Free.Length];
        for (var i = 0; i < residuals.Length; i++)
        {
            var scaled = residuals[i] * _weight[i];
            var w = _weight[i] * _weight[i] * (Math.Abs(scaled) > HuberWidth ? HuberWidth / Math.Abs(scaled) : 1);
            for (var a = 0; a < Free.Length; a++)
            {
                if (jacobian[a][i] == 0)
                    continue;
                gradient[a] += w * jacobian[a][i] * residuals[i];
                for (var b = 0; b < Free.Length; b++)
                    normal[a, b] += w * jacobian[a][i] * jacobian[b][i];
            }
        }

        for (var k = 0; k < Free.Length; k++)
        {
            var spec = Specs[Free[k]];
            gradient[k] += (at[Free[k]] - Math.Log(spec.Prior)) / (spec.Spread * spec.Spread);
            normal[k, k] += 1 / (spec.Spread * spec.Spread);
        }

        return (gradient, normal);
    }

    /// <summary>Expected scatter of a figure by quantity (log), the fit's weights.</summary>
    private static double Scatter(GpuCase c) =>
        c.Quantity switch
        {
            // The median step of a large batch depends on how prompts are cut into chunks, which no table states.
            GpuQuantity.StepTime when c.Service.Batch > 66 => 0.15,
            GpuQuantity.DecodeRate => 0.06,
            GpuQuantity.StepTime or GpuQuantity.UserRate => 0.035,
            GpuQuantity.BatchRate when c.Engine.InFlightBatching && c.Service.Batch <= 66 => 0.035,
            GpuQuantity.BatchRate or GpuQuantity.BatchRatePerCard => 0.06,
            GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard => 0.06,
            GpuQuantity.Power or GpuQuantity.PowerPerCard => 0.04,
            _ => 0.08,
        };

    private static double Huber(double x) => Math.Abs(x) <= HuberWidth ? x * x : (2 * HuberWidth * Math.Abs(x)) - (HuberWidth * HuberWidth);

    private static double Square(double x) => x * x;
}
