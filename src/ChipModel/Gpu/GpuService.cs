namespace TaalasSim.ChipModel.Gpu;

/// <summary>What is asked of a card: formats, parallelism, users and lengths.</summary>
public sealed record GpuService
{
    /// <summary>Weight format, e.g. <c>bf16</c>, <c>fp8</c>, <c>nvfp4</c>, <c>int4</c>, <c>q4_k_m</c>.</summary>
    public required string WeightFormat { get; init; }

    /// <summary>Key/value format: <c>bf16</c>, <c>fp16</c> or <c>fp8</c>.</summary>
    public required string KvFormat { get; init; }

    /// <summary>Cards that share each matrix (tensor parallelism), 1 or more.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>Cards that share the routed experts whole (expert parallelism), 1 or more; 1 cuts each expert over the cards of
    /// <see cref="TensorParallel"/>.</summary>
    public int ExpertParallel { get; init; } = 1;

    /// <summary>Cards that hold consecutive layers and work in turn, 1 or more.</summary>
    public int LayerSplit { get; init; } = 1;

    /// <summary>Sequences decoded at once; may be a measured mean. Above 0.</summary>
    public double Batch { get; init; } = 1;

    /// <summary>Prompt tokens per request.</summary>
    public required double InputTokens { get; init; }

    /// <summary>Generated tokens per request; above 0 for decoding.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Mean share of the answer that a running sequence has behind it: 0.5 for equal lengths, more where long answers dominate the
    /// batch.</summary>
    public double Progress { get; init; } = 0.5;

    /// <summary>Mean context of a running sequence, tokens.</summary>
    public double MeanContext => InputTokens + (Progress * OutputTokens);
}
