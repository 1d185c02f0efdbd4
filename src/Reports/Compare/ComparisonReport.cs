namespace TaalasSim.Reports.Compare;

/// <summary>A chip beside GPUs under one service.</summary>
public sealed record ComparisonReport
{
    /// <summary>Model served.</summary>
    public required string Model { get; init; }

    /// <summary>Prompt tokens per request.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens per request.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Share of the time under load at which chip and GPUs are priced, 0…1.</summary>
    public required double Utilisation { get; init; }

    /// <summary>How the chip's cycles become seconds.</summary>
    public required SpeedTerms Speed { get; init; }

    /// <summary>What the figures assume that nobody has published, a sentence each.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>The chip.</summary>
    public required ComparedSystem Chip { get; init; }

    /// <summary>What it is compared with.</summary>
    public required IReadOnlyList<ComparedSystem> Gpus { get; init; }

    /// <summary>What block decoding would do on the chip; null where the chip cannot serve, or decodes so already.</summary>
    public DecodingOnChip? Decoding { get; init; }

    /// <summary>A diffusion model in blocks beside a causal model of the same sizes; null for other models.</summary>
    public BlockDecoding? Blocks { get; init; }

    /// <summary>Whole forecasts of a model of patches; null for other models.</summary>
    public ForecastComparison? Forecasts { get; init; }

    /// <summary>Chip first, then the GPUs.</summary>
    public IEnumerable<ComparedSystem> Systems() => [Chip, .. Gpus];
}
