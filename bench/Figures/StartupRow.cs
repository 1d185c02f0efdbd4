namespace TaalasSim.Bench.Figures;

/// <summary>Start of a run against the mere reading of what it touches. Times are medians, seconds.</summary>
internal sealed record StartupRow
{
    public required string Model { get; init; }

    /// <summary><c>cold</c>: the weights layer is not in the page cache; <c>warm</c>: it is.</summary>
    public required string Cache { get; init; }

    public required long TouchedBytes { get; init; }

    /// <summary>Start of the process to the first token on standard output.</summary>
    public required double FirstTokenSeconds { get; init; }

    /// <summary>Sequential reading of the touched bytes by one thread into one buffer.</summary>
    public required double ReadSeconds { get; init; }

    /// <summary>Median of the ratios of neighbouring turns, first token ÷ reading.</summary>
    public required double Ratio { get; init; }
}
