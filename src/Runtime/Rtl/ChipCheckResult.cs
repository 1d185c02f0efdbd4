using TaalasSim.ChipModel.Timing;

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

    /// <summary>Cycle at which the first answer token left the Verilog chip, and the engine's, which lets prompt tokens follow each other.</summary>
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

/// <summary>Cycles of a token.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Engine">By the event engine.</param>
/// <param name="Rtl">Of the Verilog.</param>
public sealed record TokenCycles(int Position, long Engine, long Rtl)
{
    /// <summary>Verilog over engine, less one.</summary>
    public double Difference => ((double)Rtl / Engine) - 1;
}

/// <summary>Cycles of a phase over all answer tokens and stages.</summary>
/// <param name="Phase">Name in the schedule.</param>
/// <param name="Unit">Unit that does the work.</param>
/// <param name="Events">Times that the Verilog did it.</param>
/// <param name="Engine">Cycles by the event engine; 0 when the schedule does not have it.</param>
/// <param name="Rtl">Cycles of the Verilog.</param>
/// <param name="Reason">Why they differ; empty when they do not.</param>
public sealed record PhaseCycles(string Phase, FabricUnit Unit, int Events, long Engine, long Rtl, string Reason);
