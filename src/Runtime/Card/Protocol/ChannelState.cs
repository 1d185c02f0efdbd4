namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Life of a channel on the device.</summary>
internal enum ChannelState
{
    Free,

    /// <summary>Has a completion ring, waits for its submission ring.</summary>
    Assigned,
    Running,

    /// <summary>Dead until both rings are deleted.</summary>
    Error,
}
