using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Which commands of a channel are in flight, and the completions that nobody has taken yet.</summary>
internal sealed class Mailbox
{
    private readonly HashSet<ushort> _inFlight = [];
    private readonly Dictionary<ushort, Queue<CompletionEntry>> _boxes = [];
    private readonly Queue<CompletionEntry> _unclaimed = new();
    private ushort _lastCid;

    /// <summary>Commands accepted and not yet finally answered.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Their cids in order.</summary>
    public ushort[] Cids => [.. _inFlight.Order()];

    /// <summary>Whether a completion waits that no caller of <see cref="Open"/> has asked for.</summary>
    public bool HasUnclaimed => _unclaimed.Count > 0;

    /// <summary>A cid that is not in flight.</summary>
    public ushort NextCid()
    {
        do _lastCid = _lastCid == ushort.MaxValue ? (ushort)1 : (ushort)(_lastCid + 1);
        while (_inFlight.Contains(_lastCid));
        return _lastCid;
    }

    /// <summary>Whether a command is in flight.</summary>
    public bool IsInFlight(ushort cid) => _inFlight.Contains(cid);

    /// <summary>A command is in flight from now on.</summary>
    public void Sent(ushort cid) => _inFlight.Add(cid);

    /// <summary>Keeps the completions of a cid apart.</summary>
    public void Open(ushort cid) => _boxes.Add(cid, new Queue<CompletionEntry>());

    /// <summary>Throws what came for a cid away; false when it was not kept apart.</summary>
    public bool Close(ushort cid) => _boxes.Remove(cid);

    /// <summary>Whether completions of a cid are kept apart.</summary>
    public bool IsOpen(ushort cid) => _boxes.ContainsKey(cid);

    /// <summary>Whether a completion of a cid that is kept apart waits.</summary>
    public bool HasMail(ushort cid) => _boxes.TryGetValue(cid, out var box) && box.Count > 0;

    /// <summary>Takes the next completion of a cid; its final one ends the keeping apart.</summary>
    public CompletionEntry Take(ushort cid)
    {
        var entry = _boxes[cid].Dequeue();
        if (!entry.StreamContinues)
            Close(cid);
        return entry;
    }

    /// <summary>Takes the next completion that is not kept apart.</summary>
    public bool TryTakeUnclaimed(out CompletionEntry entry) => _unclaimed.TryDequeue(out entry);

    /// <summary>Takes a completion in.</summary>
    public void Deliver(CompletionEntry entry)
    {
        if (!entry.StreamContinues)
            _inFlight.Remove(entry.Cid);
        if (_boxes.TryGetValue(entry.Cid, out var box))
            box.Enqueue(entry);
        else
            _unclaimed.Enqueue(entry);
    }
}
