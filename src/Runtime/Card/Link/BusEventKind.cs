namespace TaalasSim.Runtime.Card.Link;

/// <summary>Lanes of the bus trace.</summary>
public enum BusEventKind
{
    /// <summary>The host reads a register.</summary>
    RegisterRead,

    /// <summary>The host writes a register or doorbell.</summary>
    RegisterWrite,

    /// <summary>The card reads host memory.</summary>
    DmaRead,

    /// <summary>The card writes host memory.</summary>
    DmaWrite,

    /// <summary>The card interrupts the host.</summary>
    Interrupt,

    /// <summary>The chip computes.</summary>
    Core,

    /// <summary>The card changes its state.</summary>
    State,
}
