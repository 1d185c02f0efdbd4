namespace TaalasSim.Runtime.Card.Link;

/// <summary>Lanes of the bus trace.</summary>
public enum BusEventKind
{
    RegisterRead,
    RegisterWrite,
    DmaRead,
    DmaWrite,
    Interrupt,
    Core,
    State,
}
