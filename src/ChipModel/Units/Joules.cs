namespace TaalasSim.ChipModel.Units;

/// <summary>Energy in joules.</summary>
public readonly record struct Joules(double Value)
{
    /// <summary>Energy of a number of equal parts.</summary>
    public static Joules operator *(Joules a, double factor) => new(a.Value * factor);

    /// <summary>Mean power over a time.</summary>
    public static Watts operator /(Joules a, Seconds t) => new(a.Value / t.Value);
}
