using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// A sweep in shards that are evaluated apart, each a row of neighbouring points with a journal of its own; collected, they are the journal
/// of the whole sweep.
/// </summary>
public static class SweepShards
{
    /// <summary>Most shards.</summary>
    public const int Most = 100_000;

    private const string FolderName = "shards";

    /// <summary>Folder of a shard's journal.</summary>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="shard">Shard.</param>
    public static string FolderOf(string folder, SweepShard shard) =>
        Path.Combine(folder, FolderName, string.Create(CultureInfo.InvariantCulture, $"{shard.Index:000000}-of-{shard.Count:000000}"));

    /// <summary>Evaluates the points of a shard that its journal does not have yet.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="shard">Shard.</param>
    /// <param name="evaluate">As of <see cref="SweepRunner.Run"/>.</param>
    /// <param name="options">Threads and inputs.</param>
    /// <param name="progress">Fraction of the shard's points done, 0…1.</param>
    /// <param name="cancel">Stops after the points in work.</param>
    /// <returns>Points of the shard, and those of them that the journal had.</returns>
    /// <exception cref="InputException">The journal is of another sweep or in use, or the sweep's points depend on one another.</exception>
    public static (int Points, int Resumed) Evaluate(
        SweepSpec spec,
        string folder,
        SweepShard shard,
        Func<DesignPoint, SweepFigures> evaluate,
        SweepOptions options,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        Check(spec);
        var count = SweepGrid.Count(spec);
        var (from, to) = shard.PointsOf(count);
        var has = new bool[to - from];
        using var journal = SweepJournal.Open(FolderOf(folder, shard), SweepDigest.Of(spec, options.Inputs), count, row =>
        {
            if (row.Point >= from && row.Point < to)
                has[row.Point - from] = true;
        });
        var resumed = has.Count(h => h);
        var done = resumed;
        Parallel.For(
            from,
            to,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancel },
            i =>
            {
                if (has[i - from])
                    return;
                journal.Append(SweepRunner.Evaluate(SweepGrid.Point(spec, i), evaluate));
                progress?.Report((double)Interlocked.Increment(ref done) / (to - from));
            }
        );
        return (to - from, resumed);
    }

    /// <summary>Shards that lack points; a shard whose journal is in use counts as unfinished.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="shards">Number of shards.</param>
    /// <param name="options">Inputs.</param>
    /// <exception cref="InputException">A journal is of another sweep or damaged, or the sweep's points depend on one another.</exception>
    public static IReadOnlyList<int> Unfinished(SweepSpec spec, string folder, int shards, SweepOptions options)
    {
        Check(spec);
        var count = SweepGrid.Count(spec);
        var digest = SweepDigest.Of(spec, options.Inputs);
        return [.. Enumerable.Range(0, shards).Where(index => Lacks(new SweepShard(index, shards)))];

        bool Lacks(SweepShard shard)
        {
            var (from, to) = shard.PointsOf(count);
            var own = FolderOf(folder, shard);
            if (from == to)
                return false;
            var rows = 0;
            if (File.Exists(Path.Combine(own, SweepJournal.FileName)))
                SweepJournal.Look(own, digest, count, _ => rows++);
            return rows < to - from;
        }
    }

    /// <summary>Takes the rows of all shards into the sweep's journal, whatever number of shards they are of.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="options">Inputs.</param>
    /// <returns>Points that no shard has.</returns>
    /// <exception cref="InputException">A journal is of another sweep or damaged.</exception>
    public static int Collect(SweepSpec spec, string folder, SweepOptions options)
    {
        Check(spec);
        var count = SweepGrid.Count(spec);
        var digest = SweepDigest.Of(spec, options.Inputs);
        var has = new bool[count];
        using var journal = SweepJournal.Open(folder, digest, count, row => has[row.Point] = true);
        var parent = Path.Combine(folder, FolderName);
        if (Directory.Exists(parent))
            foreach (var shard in Directory.GetDirectories(parent).Order(StringComparer.Ordinal))
                if (File.Exists(Path.Combine(shard, SweepJournal.FileName)))
                    SweepJournal.Look(shard, digest, count, row =>
                    {
                        if (has[row.Point])
                            return;
                        has[row.Point] = true;
                        journal.Append(row);
                    });
        return has.Count(h => !h);
    }

    private static void Check(SweepSpec spec)
    {
        if (spec.Mode == SweepMode.Search)
            throw new InputException($"sweep {spec.Name}: a search takes its points from those before them; it has no shards");
    }
}
