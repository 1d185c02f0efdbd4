namespace TaalasSim.Reports.Sweeps;

/// <summary>One varied field: either its values or a range.</summary>
public sealed record SweepAxis
{
    /// <summary>
    /// <c>fabric.…</c> or <c>technology.…</c> with the dotted path of a YAML field, <c>service.input_tokens</c>,
    /// <c>service.output_tokens</c>,
    /// <c>service.users</c>, or <c>weights</c>.
    /// </summary>
    public required string Field { get; init; }

    /// <summary>Values in order; empty when there is a range.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Evenly spaced values instead of a list.</summary>
    public SweepRange? Range { get; init; }
}
