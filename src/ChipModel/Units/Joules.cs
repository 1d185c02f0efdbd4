namespace TaalasSim.ChipModel.Units;

/// <summary>Energy in joules.</summary>
public readonly record struct Joules(double Value)
{
    public static Joules operator +(Joules a, Joules b) => new(a.Value + b.Value);

    public static Joules operator *(Joules a, double factor) => new(a.Value * factor);

    public static Watts operator /(Joules a, Seconds t) => new(a.Value / t.Value);
}
