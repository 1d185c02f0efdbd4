using TaalasSim.Cli.Options;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary>A sweep with what evaluates its points.</summary>
internal sealed class SweepJob : IDisposable
{
    private readonly EvaluateDesign _evaluate;

    /// <summary>Reads a sweep.</summary>
    /// <param name="path">Description.</param>
    /// <param name="draws">Draws of each point; null for the standard of its number of points.</param>
    /// <param name="threads">Threads; 0 for one per core.</param>
    public SweepJob(string path, int? draws, int threads)
    {
        Spec = SweepFile.Read(path, ChipsFolder.Library);
        _evaluate = new EvaluateDesign(ChipsFolder.Library, Spec, path, draws ?? DefaultDraws.For(SweepGrid.Count(Spec)));
        Options = new SweepOptions { Threads = CommonOptions.HostThreads(threads), Inputs = _evaluate.Inputs };
    }

    /// <summary>The sweep.</summary>
    public SweepSpec Spec { get; }

    /// <summary>Threads and inputs.</summary>
    public SweepOptions Options { get; }

    /// <summary>Figures of a point.</summary>
    public SweepFigures Evaluate(DesignPoint point) => _evaluate.Evaluate(point);

    /// <inheritdoc/>
    public void Dispose() => _evaluate.Dispose();
}
