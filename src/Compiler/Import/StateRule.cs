namespace TaalasSim.Compiler.Import;

/// <summary>Which layers of an architecture keep a state, and what it is.</summary>
public enum StateRule
{
    /// <summary>None.</summary>
    None,

    /// <summary>Layers without key heads are short convolutions (lfm2).</summary>
    ShortConvolution,

    /// <summary>Layers named by <c>attention.recurrent_layers</c>, else all but every <c>full_attention_interval</c>th, are gated delta
    /// nets (qwen3next).</summary>
    DeltaNet,

    /// <summary>Layers without key heads are of Mamba-2 (granitehybrid).</summary>
    Mamba2,

    /// <summary>Every layer has attention and Mamba-2 side by side (falcon-h1).</summary>
    Mamba2BesideAttention,

    /// <summary>Layers with a feed-forward width are a feed-forward layer alone, others without key heads are of Mamba-2 alone
    /// (nemotron_h).</summary>
    Mamba2OrFeedForward,
}
