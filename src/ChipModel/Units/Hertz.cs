namespace TaalasSim.ChipModel.Units;

/// <summary>Frequency in hertz.</summary>
public readonly record struct Hertz(double Value)
{
    /// <summary>The same clock slowed down or sped up.</summary>
    public static Hertz operator *(Hertz a, double factor) => new(a.Value * factor);
}
