namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>How a host thread learns of completions.</summary>
public enum ChannelMode
{
    /// <summary>Reads the ring all the time: shortest latency, one busy core.</summary>
    Poll,

    /// <summary>Sleeps until the channel's interrupt.</summary>
    Interrupt,
}
