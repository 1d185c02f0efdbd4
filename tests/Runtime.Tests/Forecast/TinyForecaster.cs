using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>A forecaster of a checkpoint in reference numerics.</summary>
internal sealed class TinyForecaster : IDisposable
{
    private readonly CheckpointWeights _weights;
    private readonly SimdKernels _kernels;
    private readonly PatchModel _model;

    public TinyForecaster(string folder, int threads = 1)
    {
        using var checkpoint = TimesFmCheckpoint.Open(folder);
        _weights = new CheckpointWeights(checkpoint);
        _kernels = new SimdKernels(Numerics.Reference, null, threads);
        _model = new PatchModel(_weights.Sizes, _kernels, _weights.Matrix, _weights.Vector, threads);
        Forecaster = new Forecaster(_model);
    }

    public Forecaster Forecaster { get; }

    /// <summary>Rows of ten figures.</summary>
    public double[][] Run(double[] series, int horizon, ForecastConfig config) =>
        Forecaster.Run(new TimeSeries(series), horizon, config).Quantiles;

    public void Dispose()
    {
        _model.Dispose();
        _kernels.Dispose();
        _weights.Dispose();
    }
}
