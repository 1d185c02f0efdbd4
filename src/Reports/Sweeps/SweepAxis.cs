using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>One varied field: its values, a range, or a formula over other fields.</summary>
public sealed record SweepAxis
{
    /// <summary>
    /// <c>fabric.…</c>, <c>technology.…</c> or <c>prices.…</c> with the dotted path of a YAML field, <c>service.input_tokens</c>,
    /// <c>service.output_tokens</c>, <c>service.users</c>, <c>fabric</c>, <c>model</c>, <c>weights</c>, <c>chips</c> (dies that share the
    /// model, the same as <c>fabric.dies</c>), or <c>system</c> (<c>chip</c> or a reference GPU).
    /// </summary>
    public required string Field { get; init; }

    /// <summary>Values in order; empty when there is a range or a formula.</summary>
    [AnyScalar]
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Evenly spaced values instead of a list; in random designs any value between its ends.</summary>
    public SweepRange? Range { get; init; }

    /// <summary>A formula over fields above this one and over fields that do not vary, instead of values.</summary>
    public string Compute { get; init; } = "";

    /// <summary>Fields with the same word here move together: the first value of one with the first value of the others. Empty for a field
    /// of its own.</summary>
    public string Zip { get; init; } = "";

    /// <summary>Condition over fields above this one; where it is false the field keeps what its file says and makes no points
    /// of its own. Empty for always.</summary>
    public string When { get; init; } = "";
}
