using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>A figure of the physical or commercial world: its value, the interval it is believed to lie in, and where it comes
/// from.</summary>
/// <remarks>Written in YAML as <c>{ value: 0.09, low: 0.07, high: 0.12, unit: 1/cm2, source: "…", confidence: medium }</c>.</remarks>
[OneLine]
public sealed record Constant : IInterval
{
    /// <summary>Best estimate, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>Lower end of the interval (about 90 % belief); equals the value for exact figures.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double High { get; init; }

    /// <summary>Unit of the three figures.</summary>
    public required string Unit { get; init; }

    /// <summary>Publication, datasheet, or the estimator and method for an estimate.</summary>
    public required string Source { get; init; }

    /// <summary><c>high</c>, <c>medium</c>, <c>low</c> or <c>exact</c>.</summary>
    public required string Confidence { get; init; }

    /// <summary>Constants of one group come from one source or method and err together; empty for those that stand alone.</summary>
    public string Group { get; init; } = "";

    /// <summary>How belief spreads over the interval.</summary>
    public ConstantShape Shape { get; init; }

    /// <summary>An exact figure chosen by the designer rather than measured.</summary>
    public static Constant Exact(double value, string unit, string source) =>
        new()
        {
            Value = value,
            Low = value,
            High = value,
            Unit = unit,
            Source = source,
            Confidence = "exact",
        };

    /// <summary>The best estimate, so that formulas read like formulas.</summary>
    public static implicit operator double(Constant constant) => constant.Value;
}
