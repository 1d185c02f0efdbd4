using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The state machine of the card; every change is reported and traced.</summary>
internal sealed class CardState(DeviceTimer timer, EventReporter events, BusTrace? trace)
{
    /// <summary>The state now.</summary>
    public DeviceState Current { get; private set; }

    /// <summary>Incremented by every reset.</summary>
    public uint ResetGeneration { get; set; }

    /// <summary>The slot's power-break signal is asserted: the card answers but does not compute.</summary>
    public bool IsPowerBroken { get; set; }

    /// <summary>A ROM cell is stuck and no spare row is left; not even a reset helps.</summary>
    public bool IsRomBroken { get; set; }

    /// <summary>The answer to every command while the card cannot compute; null when it can.</summary>
    public StatusCode? Refusal =>
        Current switch
        {
            DeviceState.Running or DeviceState.Degraded => IsPowerBroken ? StatusCode.PowerBreak : null,
            DeviceState.ThermalStop => StatusCode.ThermalStop,
            DeviceState.Fatal => StatusCode.DeviceReset,
            _ => StatusCode.Busy,
        };

    /// <summary>Moves to a state; does nothing when the card is in it.</summary>
    public void Set(DeviceState state)
    {
        if (state == Current)
            return;
        var old = Current;
        Current = state;
        trace?.Add(new(timer.Now, 0, BusEventKind.State, state.ToString(), 0, (long)state));
        events.Raise(DeviceEventKind.StateChange, (int)old << 8 | (int)state, StatusCode.Ok);
    }
}
