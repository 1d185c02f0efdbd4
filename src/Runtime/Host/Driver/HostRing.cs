using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>The host's half of a ring pair, in its own pinned memory. The completion ring starts zeroed, so that phase 1 means
/// new.</summary>
internal sealed class HostRing
{
    private readonly Memory<byte> _sq,
        _cq;
    private int _sqHead;
    private bool _phase = true;

    public HostRing(HostMemory memory, int client, int entries)
    {
        Entries = entries;
        _sq = new byte[entries * SubmissionEntry.Size];
        _cq = new byte[entries * CompletionEntry.Size];
        SqAddress = memory.Pin(client, _sq);
        CqAddress = memory.Pin(client, _cq);
    }

    /// <summary>Rings in memory that somebody else has pinned and zeroed.</summary>
    public HostRing(Memory<byte> commands, Memory<byte> completions, int entries) => (_sq, _cq, Entries) = (commands, completions, entries);

    public int Entries { get; }
    public ulong SqAddress { get; }
    public ulong CqAddress { get; }
    public int Tail { get; private set; }
    public int CqHead { get; private set; }

    /// <summary>A completion that has not been taken is in the ring.</summary>
    public bool HasNew => CompletionEntry.Read(_cq.Span[(CqHead * CompletionEntry.Size)..]).Phase == _phase;

    public bool IsFull => (Tail + 1) % Entries == _sqHead;

    /// <summary>Places a command; false when the ring is full. The device learns of it by the doorbell only.</summary>
    public bool TryWrite(in SubmissionEntry entry)
    {
        if (IsFull)
            return false;
        entry.Write(_sq.Span.Slice(Tail * SubmissionEntry.Size, SubmissionEntry.Size));
        Tail = (Tail + 1) % Entries;
        return true;
    }

    public bool TryTake(out CompletionEntry entry)
    {
        entry = CompletionEntry.Read(_cq.Span[(CqHead * CompletionEntry.Size)..]);
        if (entry.Phase != _phase)
            return false;
        _sqHead = entry.SqHead;
        CqHead = (CqHead + 1) % Entries;
        if (CqHead == 0)
            _phase = !_phase;
        return true;
    }
}
