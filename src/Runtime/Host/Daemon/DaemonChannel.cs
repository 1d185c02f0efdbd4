using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Daemon;

/// <summary>A client's channel as the process of the card sees it: how much is asked, and which completions the client was told
/// of.</summary>
internal sealed class DaemonChannel(int index, int entries, Memory<byte> completions)
{
    private int _tail;
    private int _seen;
    private bool _phase = true;

    /// <summary>Number on the card.</summary>
    public int Index { get; } = index;

    /// <summary>Commands without their final completion.</summary>
    public int Outstanding { get; private set; }

    /// <summary>A doorbell: commands up to an index are in the ring. Indices beyond the ring are the card's to punish.</summary>
    public void Submitted(uint tail)
    {
        if (tail >= (uint)entries)
            return;
        Outstanding += ((int)tail - _tail + entries) % entries;
        _tail = (int)tail;
    }

    /// <summary>Whether the card has written one more completion.</summary>
    public bool TryNext()
    {
        var entry = CompletionEntry.Read(completions.Span[(_seen * CompletionEntry.Size)..]);
        if (entry.Phase != _phase)
            return false;
        _seen = (_seen + 1) % entries;
        if (_seen == 0)
            _phase = !_phase;
        if (!entry.StreamContinues && Outstanding > 0)
            Outstanding--;
        return true;
    }
}
