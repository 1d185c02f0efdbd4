namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Memory windows of the card.</summary>
public enum Bar
{
    /// <summary>Registers.</summary>
    Control = 0,

    /// <summary>A page of doorbells for each channel.</summary>
    Doorbells = 2,

    /// <summary>Window onto SRAM.</summary>
    Sram = 4,
}
