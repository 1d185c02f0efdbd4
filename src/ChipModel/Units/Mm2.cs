namespace TaalasSim.ChipModel.Units;

/// <summary>Area in square millimetres.</summary>
public readonly record struct Mm2(double Value)
{
    public static Mm2 operator +(Mm2 a, Mm2 b) => new(a.Value + b.Value);

    public static Mm2 operator *(Mm2 a, double factor) => new(a.Value * factor);
}
