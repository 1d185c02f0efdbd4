using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Evaluates the points of a sweep in parallel, keeps a journal, and writes the table.</summary>
public static class SweepRunner
{
    /// <summary>Runs a sweep into a folder, or resumes one that was interrupted there.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="folder">Folder of journal and tables; made when it is not there.</param>
    /// <param name="evaluate">
    /// Figures of a point; called from several threads. An <see cref="InputException"/> makes an invalid row, any other exception a failed
    /// one.
    /// </param>
    /// <param name="options">Threads and inputs.</param>
    /// <param name="progress">Fraction of the points done, 0…1.</param>
    /// <param name="cancel">Stops after the points in work; the journal keeps what is done.</param>
    /// <exception cref="InputException">The folder holds another sweep or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped by <paramref name="cancel"/>.</exception>
    public static SweepResult Run(
        SweepSpec spec,
        string folder,
        Func<DesignPoint, SweepFigures> evaluate,
        SweepOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var count = SweepGrid.Count(spec);
        var digest = SweepDigest.Of(spec, options.Inputs);
        var rows = new SweepRows(count);
        using var journal = SweepJournal.Open(folder, digest, count, rows.Put);
        var resumed = rows.Filled;
        var done = resumed;
        progress?.Report((double)done / count);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancel };
        void Batch(int from, int to) => Parallel.For(from, to, parallel, i =>
            {
                if (rows.Has(i))
                    return;
                var row = Evaluate(SweepGrid.Point(spec, i), evaluate);
                journal.Append(row);
                rows.Put(row);
                progress?.Report((double)Interlocked.Increment(ref done) / count);
            });
        if (spec.Mode == SweepMode.Search)
            SweepSearch.Run(spec, rows, Batch);
        else
            Batch(0, count);
        var result = new SweepResult
        {
            Spec = spec,
            Rows = rows,
            Verdicts = SweepVerdicts.Of(spec, rows),
            Digest = digest,
            Resumed = resumed,
        };
        SweepTable.Write(result, folder);
        SweepStudy.Write(result, folder);
        return result;
    }

    /// <summary>One row; what an evaluation throws is its reason.</summary>
    internal static SweepRow Evaluate(DesignPoint point, Func<DesignPoint, SweepFigures> evaluate)
    {
        if (point.Fault is { } fault)
            return Empty(point, SweepStatus.Invalid, fault);
        try
        {
            var figures = evaluate(point);
            if (figures.DoesNotFit is { } reason)
                return Empty(point, SweepStatus.DoesNotFit, reason);
            var odd = SweepColumns.OfFigures.FirstOrDefault(c => c.Of(figures) is { } value && !(value >= 0 && double.IsFinite(value)));
            return odd is null
                ? new SweepRow
                {
                    Point = point.Index,
                    Status = SweepStatus.Ok,
                    Reason = "",
                    Figures = figures,
                }
                : Empty(point, SweepStatus.Failed, $"{odd.Name} is {(odd.Of(figures) < 0 ? "negative" : "not a finite number")}");
        }
        catch (InputException e)
        {
            return Empty(point, SweepStatus.Invalid, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            // One design that breaks an estimator must not lose the other points; the row names the fault.
            return Empty(point, SweepStatus.Failed, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static SweepRow Empty(DesignPoint point, SweepStatus status, string reason) =>
        new()
        {
            Point = point.Index,
            Status = status,
            Reason = reason.ReplaceLineEndings(" "),
            Figures = new SweepFigures(),
        };
}
