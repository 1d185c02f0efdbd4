namespace TaalasSim.Runtime.Card.Link;

/// <summary>Which figure of each link constant a run takes.</summary>
public enum LatencyMode
{
    /// <summary>The link costs nothing: the chip alone.</summary>
    None,

    /// <summary>The expected value of every constant.</summary>
    Typical,

    /// <summary>The unfavourable end of every range.</summary>
    Worst,
}
