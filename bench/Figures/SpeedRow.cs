namespace TaalasSim.Bench.Figures;

/// <summary>Speed of one test on one file type and number of threads. Rates are medians.</summary>
internal sealed record SpeedRow
{
    public required string Format { get; init; }

    public required int Threads { get; init; }

    /// <summary><c>tg128</c> or <c>pp512</c>.</summary>
    public required string Test { get; init; }

    public required double TokensPerSecond { get; init; }

    /// <summary>The peer's; null when none was given.</summary>
    public double? PeerTokensPerSecond { get; init; }

    /// <summary>Best of all turns: what the machine gives when it is least disturbed.</summary>
    public required double BestTokensPerSecond { get; init; }

    /// <summary>The peer's best.</summary>
    public double? PeerBestTokensPerSecond { get; init; }

    /// <summary>Median of the ratios of neighbouring turns, ours ÷ peer's.</summary>
    public double? Ratio { get; init; }

    /// <summary>Weight bytes that the test moves from memory per second.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary><see cref="BytesPerSecond"/> ÷ the measured read bandwidth of that many threads.</summary>
    public required double ShareOfBandwidth { get; init; }

    /// <summary>Multiply-adds with weights per second.</summary>
    public required double ProductsPerSecond { get; init; }

    /// <summary><see cref="ProductsPerSecond"/> ÷ the measured byte-dot peak of that many cores; null where the machine or the format has
    /// no byte dots.</summary>
    public double? ShareOfDots { get; init; }

    /// <summary>The ceiling that lies lowest: <c>memory</c> or <c>dots</c>.</summary>
    public string Binds => ShareOfDots > ShareOfBandwidth ? "dots" : "memory";
}
