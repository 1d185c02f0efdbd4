namespace TaalasSim.Reports.Advice;

/// <summary>What answers are ranked by, smallest first.</summary>
public enum AdviceRank
{
    /// <summary>Cost of a month.</summary>
    Dollars,

    /// <summary>99th percentile of the time to the first token.</summary>
    Ttft,

    /// <summary>99th percentile of the time per answer token.</summary>
    Tpot,

    /// <summary>Mean power.</summary>
    Watts,
}
