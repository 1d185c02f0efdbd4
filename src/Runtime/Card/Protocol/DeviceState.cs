namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>State of a card; the value is in STATUS bits 16–31.</summary>
public enum DeviceState
{
    Off = 0,
    BootRom = 1,
    Loader = 2,
    ReadyNoImage = 3,
    Activating = 4,
    Running = 5,
    Draining = 6,

    /// <summary>Running, but at least one channel is in error.</summary>
    Degraded = 7,
    ThermalStop = 8,
    Fatal = 9,
    Resetting = 10,
    Gone = 11,
}
