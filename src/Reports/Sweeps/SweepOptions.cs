namespace TaalasSim.Reports.Sweeps;

/// <summary>How a sweep is run.</summary>
public sealed record SweepOptions
{
    /// <summary>Points evaluated at once.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Digests or texts of everything besides the sweep that its figures depend on (merged fabric and technology, model, program version):
    /// a journal made from other inputs is not resumed.
    /// </summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
