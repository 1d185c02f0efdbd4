namespace TaalasSim.ChipModel.Units;

/// <summary>Area in square millimetres.</summary>
public readonly record struct Mm2(double Value)
{
    /// <summary>Area of a number of equal parts.</summary>
    public static Mm2 operator *(Mm2 a, double factor) => new(a.Value * factor);
}
