namespace TaalasSim.ChipModel.Units;

/// <summary>Time in seconds.</summary>
public readonly record struct Seconds(double Value)
{
    public static Seconds operator +(Seconds a, Seconds b) => new(a.Value + b.Value);

    public static Seconds operator -(Seconds a, Seconds b) => new(a.Value - b.Value);

    public static Seconds operator *(Seconds a, double factor) => new(a.Value * factor);

    public static double operator /(Seconds a, Seconds b) => a.Value / b.Value;
}
