using System.Numerics;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Queue of events by cycle: a wheel of one bucket per cycle for the next few thousand cycles, a heap for what lies beyond (calendar queue,
/// Brown 1988). Events of a cycle come out in the order in which they went in. Nothing is allocated per event.
/// </summary>
internal sealed class EventWheel
{
    private const int Buckets = 1 << 13;

    private const int Mask = Buckets - 1;

    private readonly ulong[] _taken = new ulong[Buckets / 64];
    private readonly int[] _first = new int[Buckets];
    private readonly int[] _last = new int[Buckets];
    private readonly EventHeap _far = new();
    private Entry[] _entries = new Entry[1024];
    private int _free = -1;
    private int _made;
    private long _pushed;
    private long _cycle;
    private int _near;

    /// <summary>Cycle of the event taken last.</summary>
    public long Now => _cycle;

    /// <summary>Adds an event at a cycle that is not before <see cref="Now"/>.</summary>
    public void Push(long cycle, int code, int argument)
    {
        var entry = Take();
        ref var e = ref _entries[entry];
        (e.Code, e.Argument, e.Next) = (code, argument, -1);
        if (cycle - _cycle < Buckets)
            Append(entry, (int)(cycle & Mask));
        else
            _far.Push(cycle, _pushed++, entry);
    }

    /// <summary>Cycle of the next event; long.MaxValue when there is none.</summary>
    public long NextCycle()
    {
        if (_near == 0)
            return _far.Count == 0 ? long.MaxValue : _far.NextTime;
        var at = (int)(_cycle & Mask);
        var word = at >> 6;
        var bits = _taken[word] & (ulong.MaxValue << (at & 63));
        var step = 0;
        while (bits == 0)
        {
            word = (word + 1) & ((Buckets / 64) - 1);
            bits = _taken[word];
            step++;
        }

        var bucket = (word << 6) + BitOperations.TrailingZeroCount(bits);
        // Full circle within the first word: the bucket lies behind the hand.
        return _cycle + ((bucket - at) & Mask);
    }

    /// <summary>Takes the next event, whose cycle <see cref="NextCycle"/> has just told.</summary>
    public void Pop(long cycle, out int code, out int argument)
    {
        _cycle = cycle;
        while (_far.Count > 0 && _far.NextTime - cycle < Buckets)
        {
            var at = (int)(_far.NextTime & Mask);
            Append(_far.Pop(), at);
        }

        var bucket = (int)(cycle & Mask);
        var entry = _first[bucket];
        ref var e = ref _entries[entry];
        (code, argument) = (e.Code, e.Argument);
        _near--;
        if (e.Next < 0)
            _taken[bucket >> 6] &= ~(1UL << (bucket & 63));
        else
            _first[bucket] = e.Next;
        e.Next = _free;
        _free = entry;
    }

    private int Take()
    {
        if (_free >= 0)
        {
            var entry = _free;
            _free = _entries[entry].Next;
            return entry;
        }

        if (_made == _entries.Length)
            Array.Resize(ref _entries, 2 * _made);
        return _made++;
    }

    private void Append(int entry, int bucket)
    {
        ref var word = ref _taken[bucket >> 6];
        var bit = 1UL << (bucket & 63);
        if ((word & bit) == 0)
        {
            word |= bit;
            _first[bucket] = entry;
        }
        else
        {
            _entries[_last[bucket]].Next = entry;
        }

        _last[bucket] = entry;
        _near++;
    }

    private struct Entry
    {
        public int Code;
        public int Argument;
        public int Next;
    }
}
