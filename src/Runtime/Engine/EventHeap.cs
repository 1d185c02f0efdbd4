namespace TaalasSim.Runtime.Engine;

/// <summary>Queue of events, earliest first, ties by the lower rank: a four-way heap in one array, so nothing is allocated per
/// event.</summary>
internal sealed class EventHeap
{
    private Entry[] _entries = new Entry[256];

    public int Count { get; private set; }

    /// <summary>Cycle of the next event; the queue must not be empty.</summary>
    public long NextTime => _entries[0].Time;

    public void Push(long time, long rank, int payload)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        var at = Count++;
        var entries = _entries;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            ref var above = ref entries[parent];
            if (above.Time < time || (above.Time == time && above.Rank < rank))
                break;
            entries[at] = above;
            at = parent;
        }

        entries[at] = new Entry(time, rank, payload);
    }

    /// <summary>Takes the next event out.</summary>
    public int Pop()
    {
        var entries = _entries;
        var top = entries[0];
        var last = entries[--Count];
        var at = 0;
        while (true)
        {
            var first = (at << 2) + 1;
            if (first >= Count)
                break;
            var least = first;
            var end = Math.Min(first + 4, Count);
            for (var child = first + 1; child < end; child++)
                if (entries[child].Before(entries[least]))
                    least = child;
            if (!entries[least].Before(last))
                break;
            entries[at] = entries[least];
            at = least;
        }

        entries[at] = last;
        return top.Payload;
    }

    private readonly struct Entry(long time, long rank, int payload)
    {
        public readonly long Time = time;
        public readonly long Rank = rank;
        public readonly int Payload = payload;

        public bool Before(in Entry other) => Time < other.Time || (Time == other.Time && Rank < other.Rank);
    }
}
