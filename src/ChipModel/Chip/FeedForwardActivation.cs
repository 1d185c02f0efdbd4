namespace TaalasSim.ChipModel.Chip;

/// <summary>Activation of the gated feed-forward layer.</summary>
public enum FeedForwardActivation
{
    Silu,
    Gelu,

    /// <summary>gpt-oss: clamped gate and up, sigmoid factor 1.702, up + 1.</summary>
    ClampedSwiglu,
}
