using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Lengths of a named request mix (<c>chips/gpus/workloads.yaml</c>).</summary>
public sealed record GpuWorkload
{
    /// <summary>Name as measurements write it.</summary>
    public required string Name { get; init; }

    /// <summary>Mean prompt, tokens.</summary>
    [FieldRange(1, 1e9, "tokens")]
    public required double InputTokens { get; init; }

    /// <summary>Mean answer, tokens, where the row states none.</summary>
    [FieldRange(1, 1e9, "tokens")]
    public required double OutputTokens { get; init; }

    /// <summary>Mean share of its answer that a running sequence has behind it.</summary>
    [FieldRange(0, 1, "1")]
    public required double Progress { get; init; }

    /// <summary>Whether the prompt length is a guess, so that times to the first token cannot be predicted.</summary>
    public bool PromptUnknown { get; init; }

    /// <summary>Where the lengths come from.</summary>
    public required string Source { get; init; }
}
