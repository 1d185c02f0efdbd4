using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>The rings of the admin channel: sends commands, sorts what comes back into answers and events.</summary>
internal sealed class AdminQueue(PcieLink link)
{
    private const int Entries = 64,
        ParkedEvents = 4;
    private readonly HostRing _ring = new(link.Memory, 0, Entries);
    private readonly Dictionary<ushort, CompletionEntry> _answers = [];
    private readonly HashSet<ushort> _eventCids = [];
    private ushort _lastCid;

    /// <summary>Tells a card that is not enabled where the rings are.</summary>
    public void Register()
    {
        link.Write64(Bar0.AdminSqBase, _ring.SqAddress);
        link.Write64(Bar0.AdminCqBase, _ring.CqAddress);
        link.Write(Bar.Control, Bar0.AdminQueueSize, (Entries - 1) | (Entries - 1) << 16);
    }

    /// <summary>Sends a command; returns its cid.</summary>
    /// <exception cref="DriverException">The ring is full.</exception>
    public ushort Send(SubmissionEntry entry)
    {
        if (_ring.IsFull)
            throw new DriverException(StatusCode.Busy, "the admin ring is full");
        // The parked commands keep theirs for as long as nothing happens, which is longer than the numbers last.
        do _lastCid = _lastCid == ushort.MaxValue ? (ushort)1 : (ushort)(_lastCid + 1);
        while (_eventCids.Contains(_lastCid) || _answers.ContainsKey(_lastCid));
        _ring.TryWrite(entry with { Cid = _lastCid });
        link.Write(Bar.Doorbells, Doorbell.SqTail, (uint)_ring.Tail);
        return _lastCid;
    }

    /// <summary>Whether the answer of a command has come.</summary>
    public bool HasAnswer(ushort cid) => _answers.ContainsKey(cid);

    /// <summary>Takes the answer of a command that has come.</summary>
    public CompletionEntry TakeAnswer(ushort cid)
    {
        _answers.Remove(cid, out var answer);
        return answer;
    }

    /// <summary>Keeps enough ASYNC_EVENT commands on the card.</summary>
    public void ParkEvents()
    {
        while (_eventCids.Count < ParkedEvents)
            _eventCids.Add(Send(new SubmissionEntry { Opcode = Opcode.AsyncEvent }));
    }

    /// <summary>Takes what has come; returns the events among it.</summary>
    public IReadOnlyList<CompletionEntry> Take()
    {
        List<CompletionEntry>? events = null;
        var taken = false;
        while (_ring.TryTake(out var entry))
        {
            taken = true;
            if (_eventCids.Remove(entry.Cid))
                (events ??= []).Add(entry);
            else
                _answers[entry.Cid] = entry;
        }
        if (taken)
            link.Write(Bar.Doorbells, Doorbell.CqHead, (uint)_ring.CqHead);
        if (events is null)
            return [];
        ParkEvents();
        return events;
    }
}
