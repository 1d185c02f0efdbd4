namespace TaalasSim.Runtime.Rtl;

/// <summary>A chip's Verilog against the simulator.</summary>
public sealed record ChipCheckResult
{
    /// <summary>Cycles may differ by this part: the claim of the event engine.</summary>
    public const double CycleTolerance = 0.01;

    /// <summary>Answer tokens of the Verilog.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Answer tokens of the hardware numerics.</summary>
    public required IReadOnlyList<int> Expected { get; init; }

    /// <summary>Passes through the chip: prompt tokens and answer tokens.</summary>
    public required int Passes { get; init; }

    /// <summary>Results of banks that were compared, and their column sums.</summary>
    public required int BankResults { get; init; }

    /// <inheritdoc cref="BankResults"/>
    public required int Sums { get; init; }

    /// <summary>Results of operators (products behind reduction and network, vector operations, attention) that were compared.</summary>
    public required int Values { get; init; }

    /// <summary>Cycles of every answer token.</summary>
    public required IReadOnlyList<TokenCycles> TokenCycles { get; init; }

    /// <summary>Cycles of all answer tokens by phase of the schedule.</summary>
    public required IReadOnlyList<PhaseCycles> Phases { get; init; }

    /// <summary>Cycle at which the first answer token left the Verilog chip, and the engine's, which lets prompt tokens follow each
    /// other.</summary>
    public required TokenCycles FirstToken { get; init; }

    /// <summary>The last answer token's way through the chip.</summary>
    public required RtlTimeline Timeline { get; init; }

    /// <summary>Differences, the earliest first; empty when every bit agrees.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Seconds of writing, building and running.</summary>
    public required double BuildSeconds { get; init; }

    /// <inheritdoc cref="BuildSeconds"/>
    public required double RunSeconds { get; init; }

    /// <summary>The waveform, when one was asked for.</summary>
    public WrittenWaveform? Waveform { get; init; }

    /// <summary>Largest difference of a token's cycles, as a part.</summary>
    public double LargestDifference => TokenCycles.Count == 0 ? 0 : TokenCycles.Max(t => Math.Abs(t.Difference));

    /// <summary>Every bit agrees, and the cycles within <see cref="CycleTolerance"/>.</summary>
    public bool Agrees => Faults.Count == 0 && LargestDifference <= CycleTolerance;
}
