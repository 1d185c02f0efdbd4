namespace TaalasSim.Runtime.Engine;

/// <summary>When a request was served.</summary>
/// <param name="ArrivalCycle">When it arrived.</param>
/// <param name="FirstTokenCycle">When its first answer token left the sampler.</param>
/// <param name="LastTokenCycle">When its last answer token left the sampler.</param>
/// <param name="OutputTokens">Answer tokens.</param>
public readonly record struct RequestTiming(long ArrivalCycle, long FirstTokenCycle, long LastTokenCycle, int OutputTokens)
{
    /// <summary>From arrival to the first answer token.</summary>
    public long TimeToFirstTokenCycles => FirstTokenCycle - ArrivalCycle;

    /// <summary>Mean cycles between answer tokens after the first; NaN for a single token.</summary>
    public double CyclesPerToken => OutputTokens > 1 ? (LastTokenCycle - FirstTokenCycle) / (OutputTokens - 1.0) : double.NaN;

    /// <summary>Answer tokens per second after the first; NaN for a single token.</summary>
    /// <param name="clockHz">Clock in hertz.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    public double TokensPerSecond(double clockHz, double factor = 1) => clockHz / (CyclesPerToken * factor);
}
