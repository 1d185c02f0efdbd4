using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>What the card tells its driver unasked: bits of IRQ_STATUS, and answers to parked ASYNC_EVENT commands.</summary>
internal sealed class EventReporter(CommandRunner runner)
{
    private const int MaxUndelivered = 64;
    private readonly Queue<DeviceCommand> _parked = new();
    private readonly Queue<(uint Result, uint Aux)> _undelivered = new();

    /// <summary>Causes since the host cleared them; see <see cref="Bar0.IrqAdmin"/> and the bits beside it.</summary>
    public uint IrqStatus { get; private set; }

    /// <summary>Causes that the host does not want to hear of.</summary>
    public uint IrqMask { get; set; }

    /// <summary>The admin channel is open: events are kept for the host.</summary>
    public bool IsReady { get; set; }

    /// <summary>Answers an ASYNC_EVENT with the oldest event that waits, or parks it until one comes.</summary>
    public void Take(DeviceCommand command)
    {
        if (_undelivered.TryDequeue(out var waiting))
            runner.Finish(command, StatusCode.Ok, waiting.Result, waiting.Aux);
        else
            _parked.Enqueue(command);
    }

    /// <summary>Result: kind in bits 0–7, detail in bits 8–31 (channel, or old and new state). Aux: status code in bits 0–15.</summary>
    public void Raise(DeviceEventKind kind, int detail, StatusCode code)
    {
        IrqStatus |= kind switch
        {
            DeviceEventKind.StateChange => Bar0.IrqStateChange,
            DeviceEventKind.ClockStep => Bar0.IrqThermal,
            _ => Bar0.IrqError,
        };
        if (!IsReady)
            return;
        var (result, aux) = ((uint)kind | (uint)detail << 8, (uint)code);
        if (_parked.TryDequeue(out var command))
            runner.Finish(command, StatusCode.Ok, result, aux);
        else if (_undelivered.Count < MaxUndelivered)
            _undelivered.Enqueue((result, aux));
    }

    /// <summary>Clears causes that the host has seen.</summary>
    public void Clear(uint causes) => IrqStatus &= ~causes;

    /// <summary>The admin channel closes: parked commands go with it.</summary>
    public void Close()
    {
        IsReady = false;
        _parked.Clear();
    }

    /// <summary>A reset: forgets every event.</summary>
    public void Forget()
    {
        Close();
        _undelivered.Clear();
        IrqStatus = 0;
    }
}
