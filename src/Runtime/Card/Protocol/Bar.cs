namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Memory windows of the card.</summary>
public enum Bar
{
    Control = 0,
    Doorbells = 2,
    Sram = 4,
}
