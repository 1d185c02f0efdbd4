using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>The points on the front of a sweep without draws, evaluated again with intervals: a table of their own with the same columns.
/// </summary>
public static class SweepFront
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "front.csv";

    /// <summary>Most points that get intervals; the first by their order.</summary>
    public const int MostPoints = 2000;

    /// <summary>Evaluates the front and writes its table.</summary>
    /// <param name="result">Finished sweep with objectives.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="evaluate">Figures of a point, with intervals; called from several threads.</param>
    /// <param name="threads">Points evaluated at once.</param>
    /// <param name="cancel">Stops it; the table is then not written.</param>
    /// <returns>Points in the table.</returns>
    public static int Write(
        SweepResult result,
        string folder,
        Func<DesignPoint, SweepFigures> evaluate,
        int threads,
        CancellationToken cancel = default
    )
    {
        var points = result.Rows.Where(r => result.Verdicts?.IsOnFront(r.Point) == true).Take(MostPoints).ToArray();
        var rows = new SweepRow[points.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel };
        Parallel.For(0, points.Length, parallel, i =>
        {
            rows[i] = SweepRunner.Evaluate(SweepGrid.Point(result.Spec, points[i].Point), evaluate);
        });
        using var text = new StringWriter();
        SweepTable.WriteCsv(result, rows, text);
        AtomicFile.WriteText(Path.Combine(folder, FileName), text.ToString());
        return rows.Length;
    }
}
