namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Resets that a driver may ask for.</summary>
public enum ResetKind
{
    /// <summary>RESET register.</summary>
    Soft,

    /// <summary>Function-level reset through configuration space.</summary>
    Function,
}
