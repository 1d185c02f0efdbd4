namespace TaalasSim.Runtime.Rtl;

/// <summary>A waveform that a run wrote.</summary>
public sealed record WrittenWaveform
{
    /// <summary>Where it is.</summary>
    public required string File { get; init; }

    /// <summary>First cycle.</summary>
    public required long From { get; init; }

    /// <summary>Cycle behind the last.</summary>
    public required long To { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Cycle in which the chip begins with each position, to choose the next window by.</summary>
    public required IReadOnlyList<long> PassStarts { get; init; }
}
