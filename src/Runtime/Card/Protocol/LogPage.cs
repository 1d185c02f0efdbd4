namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Pages of GET_LOG; docs/card.md gives their fields.</summary>
public enum LogPage
{
    Health = 0,
    Error = 1,
    Profile = 2,
    Debug = 3,
    Sensor = 4,
}
