namespace TaalasSim.ChipModel.Units;

/// <summary>Power in watts.</summary>
public readonly record struct Watts(double Value)
{
    /// <summary>Power of two loads together.</summary>
    public static Watts operator +(Watts a, Watts b) => new(a.Value + b.Value);

    /// <summary>What one load takes beyond the other.</summary>
    public static Watts operator -(Watts a, Watts b) => new(a.Value - b.Value);

    /// <summary>Power of a number of equal loads.</summary>
    public static Watts operator *(Watts a, double factor) => new(a.Value * factor);

    /// <summary>Energy over a time.</summary>
    public static Joules operator *(Watts a, Seconds t) => new(a.Value * t.Value);
}
