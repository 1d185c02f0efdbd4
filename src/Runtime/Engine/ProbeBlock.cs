namespace TaalasSim.Runtime.Engine;

/// <summary>What keeps a phase from starting.</summary>
public enum ProbeBlock
{
    /// <summary>Nothing: it starts at this cycle or has started before.</summary>
    None,

    /// <summary>The token has not entered the chip: its request has not arrived, or the token before it has not made way.</summary>
    NotIssued,

    /// <summary>An earlier phase of the same token has not ended.</summary>
    EarlierPhase,

    /// <summary>A resource is taken.</summary>
    Resource,

    /// <summary>It is not its turn: the token before it in the same request comes first, or the initiation interval is not over.</summary>
    Order,

    /// <summary>The stage that the token is sent to has no room.</summary>
    Room,
}
