using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>A command that the device has fetched and not yet answered for good.</summary>
internal sealed class DeviceCommand(DeviceChannel channel, SubmissionEntry entry)
{
    /// <summary>In place of a delay: sleep until something wakes the command.</summary>
    public const long Parked = -1;

    public DeviceChannel Channel { get; } = channel;
    public SubmissionEntry Entry { get; } = entry;

    /// <summary>The work, one element per wait, ns; null until it starts.</summary>
    public IEnumerator<long>? Steps { get; set; }

    /// <summary>Counts wake-ups, so that a wake-up that was overtaken does nothing.</summary>
    public int Ticket { get; set; }

    /// <summary>Set by abort, cancel or timeout: the answer to give at the next boundary.</summary>
    public StatusCode Stop { get; set; }

    /// <summary>When set, the present wait may be cut short, and this takes its work back.</summary>
    public Action? Undo { get; set; }
    public bool IsParked { get; set; }
    public bool IsFinal { get; set; }

    /// <summary>Run once the final completion has been sent.</summary>
    public List<Action> WhenFinal { get; } = [];
}
