using System.Collections;
using System.Collections.Concurrent;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// The rows of a sweep by point, as columns of numbers: a million rows take two hundred megabytes, not a gigabyte. Rows may be put from
/// several threads; each is put once.
/// </summary>
internal sealed class SweepRows : IReadOnlyList<SweepRow>
{
    private const int Block = 4096;
    private const byte BestEstimate = 0x80;

    private readonly byte[] _status;
    private readonly double[]?[] _blocks;
    private readonly ConcurrentDictionary<int, string> _reasons = new();
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _put;

    /// <summary>No rows yet.</summary>
    /// <param name="count">Points of the sweep.</param>
    public SweepRows(int count) => (_status, _blocks, Count) = (new byte[count], new double[(count + Block - 1) / Block][], count);

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
            var block = Volatile.Read(ref _blocks[row.Point / Block]) ?? NewBlock(row.Point / Block);
            var at = row.Point % Block * columns.Count;
            for (var c = 0; c < columns.Count; c++)
                block[at + c] = columns[c].Of(row.Figures) ?? double.NaN;
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

    private double[] NewBlock(int block)
    {
        var made = new double[Block * SweepColumns.OfFigures.Count];
        Array.Fill(made, double.NaN);
        return Interlocked.CompareExchange(ref _blocks[block], made, null) ?? made;
    }

    private SweepFigures Figures(int point)
    {
        if (Volatile.Read(ref _blocks[point / Block]) is not { } block)
            return new SweepFigures();
        var values = block.AsSpan(point % Block * SweepColumns.OfFigures.Count, SweepColumns.OfFigures.Count);
        return SweepColumns.Figures(values, (_status[point] & BestEstimate) != 0);
    }
}
