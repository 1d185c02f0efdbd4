namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Severity of an error: counted, contained in one context or channel, or the end of the device until reset.</summary>
public enum RasClass : byte
{
    Correctable = 0,
    Contained = 1,
    Fatal = 2,
}
