namespace TaalasSim.ChipModel.Units;

/// <summary>Time in seconds.</summary>
public readonly record struct Seconds(double Value)
{
    /// <summary>One time after the other.</summary>
    public static Seconds operator +(Seconds a, Seconds b) => new(a.Value + b.Value);

    /// <summary>The time lengthened by a factor.</summary>
    public static Seconds operator *(Seconds a, double factor) => new(a.Value * factor);

    /// <summary>The time shortened by a factor.</summary>
    public static Seconds operator /(Seconds a, double factor) => new(a.Value / factor);
}
