namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Life of a card; the value is in STATUS bits 16–31.</summary>
public enum DeviceState
{
    /// <summary>Not powered.</summary>
    Off = 0,

    /// <summary>Runs its boot ROM.</summary>
    BootRom = 1,

    /// <summary>Runs its loader.</summary>
    Loader = 2,

    /// <summary>Can be enabled; has no runtime image.</summary>
    ReadyNoImage = 3,

    /// <summary>Starts a runtime image.</summary>
    Activating = 4,

    /// <summary>Computes.</summary>
    Running = 5,

    /// <summary>Finishes its commands before it shuts down.</summary>
    Draining = 6,

    /// <summary>Running, but at least one channel is in error.</summary>
    Degraded = 7,

    /// <summary>Too hot to compute.</summary>
    ThermalStop = 8,

    /// <summary>Only a reset helps.</summary>
    Fatal = 9,

    /// <summary>Does not answer until the reset is over.</summary>
    Resetting = 10,

    /// <summary>Pulled out.</summary>
    Gone = 11,
}
