using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Validation;

/// <summary>One worked figure.</summary>
public sealed record FormulaCase
{
    /// <summary>Identifier by which the report names it.</summary>
    public required string Id { get; init; }

    /// <summary><c>macs_per_token</c>, <c>kv_bytes_per_token</c>, <c>attention_macs</c>, <c>yield</c>, <c>dies_per_wafer</c> or
    /// <c>wafer_usd_per_good_die</c>.</summary>
    public required string Formula { get; init; }

    /// <summary>Shape for counts, a name of <c>chips/models</c>.</summary>
    public string Model { get; init; } = "";

    /// <summary>Attended positions.</summary>
    [FieldRange(0, 1e12, "tokens")]
    public double Context { get; init; }

    /// <summary>Bytes of one key or value element.</summary>
    [FieldRange(0.01, 64, "B")]
    public double KvElementBytes { get; init; } = 1;

    /// <summary>Yield formula: <c>poisson</c>, <c>murphy</c>, <c>seeds</c>, <c>bose_einstein</c> or <c>negative_binomial</c>.</summary>
    public ChipModel.Yield.YieldModel YieldModel { get; init; }

    /// <summary>Die, mm².</summary>
    [FieldRange(0, 1e5, "mm2")]
    public double DieMm2 { get; init; }

    /// <summary>Defects per cm².</summary>
    [FieldRange(0, 100, "1/cm2")]
    public double DefectsPerCm2 { get; init; }

    /// <summary>Clustering parameter of the negative binomial.</summary>
    [FieldRange(0.01, 1e6, "1")]
    public double Alpha { get; init; } = 3;

    /// <summary>Wafer diameter, mm.</summary>
    [FieldRange(10, 1000, "mm")]
    public double DiameterMm { get; init; } = 300;

    /// <summary>Wafer price, USD.</summary>
    [FieldRange(0, 1e7, "USD")]
    public double WaferUsd { get; init; }

    /// <summary>The worked figure.</summary>
    [FieldRange(0, 1e18, "*")]
    public required double Value { get; init; }

    /// <summary>Unit of its last digit: the model has to agree within it.</summary>
    [FieldRange(0, 1e18, "*")]
    public required double LastDigit { get; init; }

    /// <summary>Unit of <see cref="Value"/> and <see cref="LastDigit"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Publication or working of the figure.</summary>
    public required string Source { get; init; }
}
