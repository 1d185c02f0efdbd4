using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The device's half of a ring pair. Ring rules: empty when head = tail, full when tail + 1 = head, modulo the size.</summary>
internal sealed class DeviceChannel(int index)
{
    public int Index { get; } = index;
    public int Client { get; set; }
    public ChannelState State { get; set; }
    public int Vector { get; set; }

    public ulong SqBase { get; set; }
    public int SqEntries { get; set; }
    public int SqHead { get; set; }
    public int SqTail { get; set; }
    public bool IsFetching { get; set; }

    public ulong CqBase { get; set; }
    public int CqEntries { get; set; }
    public int CqHead { get; set; }
    public int CqTail { get; set; }

    /// <summary>Phase of the pass that writes now; the first pass writes 1.</summary>
    public bool Phase { get; set; } = true;

    public Queue<DeviceCommand> Pending { get; } = new();
    public DeviceCommand? Running { get; set; }

    /// <summary>Final completions that wait for room in the completion ring.</summary>
    public Queue<(CompletionEntry Entry, DeviceCommand Command)> Blocked { get; } = new();
    public HashSet<ushort> InFlight { get; } = [];

    public int CoalesceCount { get; set; }
    public int CoalesceUs { get; set; }

    /// <summary>Completions that no interrupt has announced yet.</summary>
    public int HeldBack { get; set; }

    /// <summary>Interrupts sent so far.</summary>
    public int Announced { get; set; }

    public bool IsCqFull => (CqTail + 1) % CqEntries == CqHead;
}
