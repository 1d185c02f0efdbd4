namespace TaalasSim.ChipModel.Units;

/// <summary>Power in watts.</summary>
public readonly record struct Watts(double Value)
{
    public static Watts operator +(Watts a, Watts b) => new(a.Value + b.Value);

    public static Watts operator *(Watts a, double factor) => new(a.Value * factor);

    public static Joules operator *(Watts a, Seconds t) => new(a.Value * t.Value);
}
