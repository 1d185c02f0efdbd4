namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Pages of GET_LOG; docs/card.md gives their fields.</summary>
public enum LogPage
{
    /// <summary>State, temperature, power, resets and error counts.</summary>
    Health = 0,

    /// <summary>Error records not yet read.</summary>
    Error = 1,

    /// <summary>Tokens, passes, busy time and energy.</summary>
    Profile = 2,

    /// <summary>State and ring indices of every channel.</summary>
    Debug = 3,

    /// <summary>Temperature, power, voltage and clock.</summary>
    Sensor = 4,
}
