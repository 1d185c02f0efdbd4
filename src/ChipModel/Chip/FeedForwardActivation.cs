namespace TaalasSim.ChipModel.Chip;

/// <summary>Activation of the gated feed-forward layer.</summary>
public enum FeedForwardActivation
{
    /// <summary>x · sigmoid(x), then times up (Llama and most others).</summary>
    Silu,

    /// <summary>The tanh approximation of GELU, then times up (gemma).</summary>
    Gelu,

    /// <summary>gpt-oss: clamped gate and up, sigmoid factor 1.702, up + 1.</summary>
    ClampedSwiglu,
}
