namespace TaalasSim.Reports.Traces;

/// <summary>Which end of the 90 % interval of its speeds a system is replayed at.</summary>
public enum IntervalEnd
{
    /// <summary>Best estimates.</summary>
    Best,

    /// <summary>The fast end.</summary>
    Fast,

    /// <summary>The slow end.</summary>
    Slow,
}
