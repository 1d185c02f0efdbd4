namespace TaalasSim.ChipModel.Figures;

/// <summary>A quantity that figures are derived from: an intermediate result, or another figure.</summary>
/// <param name="key">Key in machine-readable output.</param>
/// <param name="unit">Unit.</param>
/// <param name="read">Reads it.</param>
public class FigureInput(string key, string unit, Func<EvaluationDetails, double> read)
{
    /// <summary>Key in machine-readable output.</summary>
    public string Key { get; } = key;

    /// <summary>Unit, as in machine-readable output.</summary>
    public string Unit { get; } = unit;

    /// <summary>Its value at a design point.</summary>
    public double Read(EvaluationDetails details) => read(details);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
