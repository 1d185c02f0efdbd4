using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary><c>chips/gpus/calibration.yaml</c>: parameters fitted by <see cref="FitGpu"/>, and what the fit leaves unexplained.</summary>
public sealed record GpuCalibration
{
    /// <summary>Values by <c>engine.name</c> or <c>shared.name</c>.</summary>
    [FieldRange(0, 1e6, "*")]
    public required Dictionary<string, Constant> Parameters { get; init; }

    /// <summary>Residual spread (one standard deviation of the log ratio) by quantity: <c>step</c>, <c>saturated</c>, <c>prefill</c>,
    /// <c>power</c>.</summary>
    [FieldRange(0, 10, "1")]
    public required Dictionary<string, Constant> Residuals { get; init; }

    /// <summary>Models in the calibration set, by name.</summary>
    public required List<string> Models { get; init; }

    /// <summary>Cards in the calibration set, by name.</summary>
    public required List<string> Cards { get; init; }

    /// <summary>Residual spread of a quantity; a tenth where the calibration set has no such figure.</summary>
    public double Residual(string kind) => Residuals.TryGetValue(kind, out var spread) ? spread.Value : 0.1;

    /// <summary>Best estimates.</summary>
    public GpuParameters Values() => new(Parameters.Select(p => KeyValuePair.Create(p.Key, p.Value.Value)));
}
