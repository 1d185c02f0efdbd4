namespace TaalasSim.ChipModel.Quantities;

/// <summary>A reported figure: best estimate and the ends of its interval (5 % and 95 % of the Monte Carlo draws).</summary>
public readonly record struct Interval(double Value, double Low, double High)
{
    /// <summary>A figure without spread.</summary>
    public static Interval Exact(double value) => new(value, value, value);

    public static Interval operator *(Interval a, double factor) =>
        factor >= 0 ? new(a.Value * factor, a.Low * factor, a.High * factor) : new(a.Value * factor, a.High * factor, a.Low * factor);
}
