namespace TaalasSim.ChipModel.Units;

/// <summary>Clock cycles of the fabric; fractional where a closed form averages.</summary>
public readonly record struct Cycles(double Value)
{
    public static Cycles operator +(Cycles a, Cycles b) => new(a.Value + b.Value);

    public static Cycles operator *(Cycles a, double factor) => new(a.Value * factor);

    public static Seconds operator /(Cycles a, Hertz clock) => new(a.Value / clock.Value);
}
