namespace TaalasSim.Compiler.Quantize;

/// <summary>A run of the unquantised model over a calibration text, which the compiler needs to choose code formats but cannot make
/// itself.</summary>
public interface ICalibrationRun
{
    /// <summary>Mean squared activation at every input of each matrix, by port name. A matrix that is only looked up, never multiplied, is
    /// absent.</summary>
    IReadOnlyDictionary<string, float[]> InputPower { get; }

    /// <summary>Mean KL divergence from the unquantised model on the calibration text, nats, when the named ports are stored in fabric
    /// formats and all others stay as they are.</summary>
    /// <param name="formats">Fabric format by port name; fitted to <see cref="InputPower"/>.</param>
    /// <param name="cancel">Cancels.</param>
    double Divergence(IReadOnlyDictionary<string, ChipModel.Formats.CodeFormat> formats, CancellationToken cancel);
}
