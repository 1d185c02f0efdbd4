namespace TaalasSim.ChipModel.Timing;

/// <summary>Phases of one stage of the pipeline: the embedding, a decoder layer, or the output with the sampler.</summary>
public sealed record LayerSchedule
{
    private readonly Phase[] _phases = [];

    /// <summary><c>embedding</c>, <c>layer 7</c> or <c>output</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Layer of the model; −1 for embedding and output.</summary>
    public required int Layer { get; init; }

    /// <summary>Die of the stage.</summary>
    public required int Die { get; init; }

    /// <summary>Region (vector cluster, KV ports, links) that serves the stage, counted over all dies.</summary>
    public required int Region { get; init; }

    /// <summary>Stages of one kind have the same phases on other resources of the same size, but for the length of wires; one stands for
    /// all of them in closed forms.</summary>
    public required int Kind { get; init; }

    /// <summary>Phases; each comes after the phases it waits for.</summary>
    public required IReadOnlyList<Phase> Phases
    {
        get => _phases;
        init => _phases = [.. value];
    }

    internal ReadOnlySpan<Phase> PhaseSpan => _phases;

    /// <summary>Cycles from the start of the stage to the end of its last phase when nothing is in the way: the longest path.</summary>
    /// <param name="positions">Attended positions, the token's own included.</param>
    public double Cycles(double positions)
    {
        Span<double> end = _phases.Length <= 128 ? stackalloc double[_phases.Length] : new double[_phases.Length];
        var last = 0.0;
        for (var i = 0; i < _phases.Length; i++)
        {
            var phase = _phases[i];
            var start = 0.0;
            foreach (var a in phase.AfterSpan)
                start = Math.Max(start, end[a]);
            end[i] = start + phase.Cycles(positions);
            last = Math.Max(last, end[i]);
        }

        return last;
    }
}
