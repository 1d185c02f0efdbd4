using System.Collections.Concurrent;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Values by key, each made once while it is kept; when the cache is full it starts again. Safe to use from several
/// threads.</summary>
/// <param name="most">Values that are kept, at least 1.</param>
internal sealed class BoundedCache<TKey, TValue>(int most)
    where TKey : notnull
{
    private ConcurrentDictionary<TKey, Lazy<TValue>> _known = new();

    /// <summary>The value of a key.</summary>
    /// <param name="key">Key.</param>
    /// <param name="make">Makes it; what it throws is thrown for every later question, too.</param>
    public TValue Get(TKey key, Func<TKey, TValue> make)
    {
        var known = _known;
        if (known.TryGetValue(key, out var found))
            return found.Value;
        // The count of a concurrent dictionary takes all its locks, but a new value costs far more.
        if (known.Count >= most)
            Interlocked.CompareExchange(ref _known, new(), known);
        return _known.GetOrAdd(key, k => new Lazy<TValue>(() => make(k))).Value;
    }
}
