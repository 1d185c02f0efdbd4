namespace TaalasSim.ChipModel.Chip;

/// <summary>Activation of a gate, in the feed-forward layer and elsewhere.</summary>
public enum FeedForwardActivation
{
    /// <summary>x · sigmoid(x), then times up (Llama and most others).</summary>
    Silu,

    /// <summary>The tanh approximation of GELU, then times up (gemma).</summary>
    Gelu,

    /// <summary>gpt-oss: clamped gate and up, sigmoid factor 1.702, up + 1.</summary>
    ClampedSwiglu,

    /// <summary>sigmoid(x), then times up (gates on the output of attention).</summary>
    Sigmoid,

    /// <summary>max(x, 0) squared; there is no gate beside it (nemotron_h).</summary>
    SquaredRelu,
}
