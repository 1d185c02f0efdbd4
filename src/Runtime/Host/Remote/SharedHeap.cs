using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>Gives out pieces of the memory that a client shares with the card: the first gap that is large enough.</summary>
internal sealed class SharedHeap(int length)
{
    private const int Page = 4096;
    private readonly SortedList<int, int> _used = [];

    /// <summary>Takes a piece; its offset, a multiple of a page.</summary>
    /// <exception cref="DriverException">There is no room (0202).</exception>
    public int Take(int bytes)
    {
        var size = (bytes + Page - 1) / Page * Page;
        var at = 0;
        foreach (var (start, used) in _used)
        {
            if (start - at >= size)
                break;
            at = start + used;
        }
        if (bytes <= 0 || size > length - at)
            throw new DriverException(StatusCode.DmaLength, $"{bytes} bytes do not fit the memory that is shared with the card");
        _used.Add(at, size);
        return at;
    }

    /// <summary>Gives a piece back.</summary>
    public void Give(int offset) => _used.Remove(offset);
}
