namespace TaalasSim.ChipModel.Units;

/// <summary>Money in United States dollars.</summary>
public readonly record struct Usd(double Value)
{
    /// <summary>Two amounts together.</summary>
    public static Usd operator +(Usd a, Usd b) => new(a.Value + b.Value);

    /// <summary>Price of a number of equal things.</summary>
    public static Usd operator *(Usd a, double factor) => new(a.Value * factor);

    /// <summary>One of a number of equal shares.</summary>
    public static Usd operator /(Usd a, double parts) => new(a.Value / parts);
}
