namespace TaalasSim.ChipModel.Units;

/// <summary>Money in United States dollars.</summary>
public readonly record struct Usd(double Value)
{
    public static Usd operator +(Usd a, Usd b) => new(a.Value + b.Value);

    public static Usd operator *(Usd a, double factor) => new(a.Value * factor);
}
