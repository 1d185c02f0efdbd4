namespace TaalasSim.ChipModel.Quantities;

/// <summary>Time in seconds.</summary>
public readonly record struct Seconds(double Value)
{
    public static Seconds operator +(Seconds a, Seconds b) => new(a.Value + b.Value);
    public static Seconds operator -(Seconds a, Seconds b) => new(a.Value - b.Value);
    public static Seconds operator *(Seconds a, double factor) => new(a.Value * factor);
    public static double operator /(Seconds a, Seconds b) => a.Value / b.Value;
}

/// <summary>Frequency in hertz.</summary>
public readonly record struct Hertz(double Value);

/// <summary>Clock cycles of the fabric; fractional where a closed form averages.</summary>
public readonly record struct Cycles(double Value)
{
    public static Cycles operator +(Cycles a, Cycles b) => new(a.Value + b.Value);
    public static Cycles operator *(Cycles a, double factor) => new(a.Value * factor);
    public static Seconds operator /(Cycles a, Hertz clock) => new(a.Value / clock.Value);
}

/// <summary>Energy in joules.</summary>
public readonly record struct Joules(double Value)
{
    public static Joules operator +(Joules a, Joules b) => new(a.Value + b.Value);
    public static Joules operator *(Joules a, double factor) => new(a.Value * factor);
    public static Watts operator /(Joules a, Seconds t) => new(a.Value / t.Value);
}

/// <summary>Power in watts.</summary>
public readonly record struct Watts(double Value)
{
    public static Watts operator +(Watts a, Watts b) => new(a.Value + b.Value);
    public static Watts operator *(Watts a, double factor) => new(a.Value * factor);
    public static Joules operator *(Watts a, Seconds t) => new(a.Value * t.Value);
}

/// <summary>Area in square millimetres.</summary>
public readonly record struct Mm2(double Value)
{
    public static Mm2 operator +(Mm2 a, Mm2 b) => new(a.Value + b.Value);
    public static Mm2 operator *(Mm2 a, double factor) => new(a.Value * factor);
}

/// <summary>Money in United States dollars.</summary>
public readonly record struct Usd(double Value)
{
    public static Usd operator +(Usd a, Usd b) => new(a.Value + b.Value);
    public static Usd operator *(Usd a, double factor) => new(a.Value * factor);
}
