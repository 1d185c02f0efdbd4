using System.Collections;
using System.Collections.Concurrent;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// The rows of a sweep by point, as columns of numbers, each in blocks that are made when a number comes: a million rows without intervals
/// take a hundred megabytes, not a gigabyte. Rows may be put from several threads; each is put once.
/// </summary>
internal sealed class SweepRows : IReadOnlyList<SweepRow>
{
    private const int Block = 4096;
    private const byte BestEstimate = 0x80;

    private readonly byte[] _status;

    // By column and block; a column that no point of a block has takes no place there.
    private readonly double[]?[][] _columns;
    private readonly ConcurrentDictionary<int, string> _reasons = new();
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _put;

    /// <summary>No rows yet.</summary>
    /// <param name="count">Points of the sweep.</param>
    public SweepRows(int count)
    {
        (_status, Count) = (new byte[count], count);
        _columns = [.. SweepColumns.OfFigures.Select(_ => new double[]?[(count + Block - 1) / Block])];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>Rows that were put.</summary>
    public int Filled => Volatile.Read(ref _put);

    /// <inheritdoc/>
    public SweepRow this[int index] =>
        !Has(index)
            ? throw new InvalidOperationException($"point {index} has no row yet")
            : new SweepRow
            {
                Point = index,
                Status = (SweepStatus)((_status[index] & ~BestEstimate) - 1),
                Reason = _reasons.GetValueOrDefault(index, ""),
                Figures = Figures(index),
            };

    /// <summary>Whether a point has its row.</summary>
    public bool Has(int point) => Volatile.Read(ref _status[point]) != 0;

    /// <summary>Puts a row.</summary>
    public void Put(SweepRow row)
    {
        var columns = SweepColumns.OfFigures;
        if (row.Status == SweepStatus.Ok)
        {
            for (var c = 0; c < columns.Count; c++)
                if (columns[c].Of(row.Figures) is { } value)
                    BlockOf(_columns[c], row.Point / Block)[row.Point % Block] = value;
        }

        // Most reasons are those of many points.
        if (row.Reason.Length > 0)
            _reasons[row.Point] = _texts.GetOrAdd(row.Reason, row.Reason);
        var status = (byte)((byte)row.Status + 1 | (row.Figures.IsBestEstimate ? BestEstimate : 0));
        Volatile.Write(ref _status[row.Point], status);
        Interlocked.Increment(ref _put);
    }

    /// <inheritdoc/>
    public IEnumerator<SweepRow> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static double[] BlockOf(double[]?[] column, int block)
    {
        if (Volatile.Read(ref column[block]) is { } known)
            return known;
        var made = new double[Block];
        Array.Fill(made, double.NaN);
        return Interlocked.CompareExchange(ref column[block], made, null) ?? made;
    }

    private SweepFigures Figures(int point)
    {
        Span<double> values = stackalloc double[_columns.Length];
        for (var c = 0; c < values.Length; c++)
            values[c] = Volatile.Read(ref _columns[c][point / Block]) is { } block ? block[point % Block] : double.NaN;
        return SweepColumns.Figures(values, (_status[point] & BestEstimate) != 0);
    }
}
