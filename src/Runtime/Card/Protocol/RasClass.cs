namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Severity of an error: counted, contained in one context or channel, or the end of the device until reset.</summary>
public enum RasClass : byte
{
    /// <summary>Corrected; nobody else notices.</summary>
    Correctable = 0,

    /// <summary>Ended a command or a channel.</summary>
    Contained = 1,

    /// <summary>Ended everything until a reset.</summary>
    Fatal = 2,
}
