namespace TaalasSim.Compiler.Import;

/// <summary>The expert that every token uses beside the routed ones.</summary>
public enum SharedExpertRule
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>It is weighed by a router of its own (qwen2moe).</summary>
    Weighed,

    /// <summary>It is weighed by the sigmoid of a router of its own, and as wide as the dense width where the file gives no width of its
    /// own (qwen3next).</summary>
    WeighedBySigmoid,

    /// <summary>It is added as it is, where the file gives its width.</summary>
    Plain,

    /// <summary>It is added as it is, and the file must give its width (nemotron_h_moe).</summary>
    Given,

    /// <summary>It is added as it is, as wide as <c>expert_shared_count</c> routed ones.</summary>
    Counted,

    /// <summary>It is added as it is, and as wide as the dense width where the file gives no width of its own (hunyuan).</summary>
    PlainOrDense,

    /// <summary>It is added as it is, as wide as a routed one (llama4).</summary>
    AsRouted,

    /// <summary>The dense feed-forward layer stands beside the mixture, with norms of its own (gemma4).</summary>
    BesideDense,
}
