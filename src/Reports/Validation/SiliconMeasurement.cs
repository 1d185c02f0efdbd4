using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Validation;

/// <summary>One published figure of a hard-wired chip.</summary>
public sealed record SiliconMeasurement
{
    /// <summary>Identifier, unique within the file.</summary>
    public required string Id { get; init; }

    /// <summary>Fabric of the chip: a name of <c>chips/fabrics</c>, or a YAML file, taken relative to the measurements.</summary>
    public string Fabric { get; init; } = "";

    /// <summary>Model on it: a name of <c>chips/models</c>, or a YAML file, taken relative to the measurements.</summary>
    public string Model { get; init; } = "";

    /// <summary>Code format; empty takes the fabric's.</summary>
    public string Weights { get; init; } = "";

    /// <summary>Prompt tokens per request.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public int InputTokens { get; init; } = 1000;

    /// <summary>Answer tokens per request.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public int OutputTokens { get; init; } = 1000;

    /// <summary>Users served at once.</summary>
    [FieldRange(1, 1 << 20, "users")]
    public int Users { get; init; } = 1;

    /// <summary>What was measured: a name of <see cref="SiliconQuantity.All"/>.</summary>
    public required string Quantity { get; init; }

    /// <summary>The figure; may be left out when low and high are given.</summary>
    [FieldRange(0, 1e18, "*")]
    public double? Value { get; init; }

    /// <summary>Lower end of what the source says.</summary>
    [FieldRange(0, 1e18, "*")]
    public double? Low { get; init; }

    /// <summary>Upper end of what the source says.</summary>
    [FieldRange(0, 1e18, "*")]
    public double? High { get; init; }

    /// <summary>Unit; must be the quantity's own.</summary>
    public required string Unit { get; init; }

    /// <summary>Publication.</summary>
    public required string Source { get; init; }

    /// <summary><c>calibration</c>: the model is fitted on it or on what it follows from; <c>validation</c>: it is not; <c>reference</c>:
    /// shown, not gated.</summary>
    public required string Role { get; init; }

    /// <summary>Largest accepted error, %; the standard one of the role and quantity when left out.</summary>
    [FieldRange(0, 1e6, "%")]
    public double? GatePct { get; init; }

    /// <summary>Group in which the row's error is scored; the quantity's own when left out.</summary>
    public string Group { get; init; } = "";

    /// <summary>Why the model misses the row, where that is known and published: the row is shown as a miss and fails nothing. It fails as
    /// soon as it no longer misses, so that the word does not outlive the miss.</summary>
    public string KnownMiss { get; init; } = "";

    /// <summary>Why the model cannot predict the row; empty for rows that are scored.</summary>
    public string Unmodelled { get; init; } = "";

    internal double Middle => Value ?? (0.5 * (Low!.Value + High!.Value));

    internal double From => Low ?? Middle;

    internal double To => High ?? Middle;
}
