namespace TaalasSim.ChipModel.Units;

/// <summary>A reported figure: best estimate and the ends of its interval (5 % and 95 % of the Monte Carlo draws).</summary>
public readonly record struct UncertaintyRange(double Value, double Low, double High)
{
    /// <summary>A figure without spread.</summary>
    public static UncertaintyRange Exact(double value) => new(value, value, value);

    /// <summary>Figure and ends times a factor; a negative factor exchanges the ends, so that low stays below high.</summary>
    public static UncertaintyRange operator *(UncertaintyRange a, double factor) =>
        factor >= 0 ? new(a.Value * factor, a.Low * factor, a.High * factor) : new(a.Value * factor, a.High * factor, a.Low * factor);
}
