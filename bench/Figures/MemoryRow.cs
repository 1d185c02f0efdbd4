namespace TaalasSim.Bench.Figures;

/// <summary>Memory of one run of a chip.</summary>
internal sealed record MemoryRow
{
    public required string Model { get; init; }

    /// <summary>Weights that the run reads.</summary>
    public required long TouchedBytes { get; init; }

    /// <summary>Keys and values of the run's tokens in binary16.</summary>
    public required long KvBytes { get; init; }

    /// <summary>Peak resident set of the process, mapped weights included.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>Limit of the managed heap under which the run was made: far below the weights, so that no copy of them fits.</summary>
    public required long HeapLimitBytes { get; init; }

    /// <summary>Peak ÷ (weights touched + keys and values).</summary>
    public double Ratio => (double)PeakBytes / (TouchedBytes + KvBytes);
}
