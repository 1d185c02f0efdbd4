namespace TaalasSim.ChipModel.Gpu;

/// <summary>What a measured figure is.</summary>
public enum GpuQuantity
{
    /// <summary>Milliseconds between tokens of one user.</summary>
    StepTime,

    /// <summary>Tokens per second of one user.</summary>
    UserRate,

    /// <summary>Output tokens per second at a stated batch.</summary>
    BatchRate,

    /// <summary>The same without prompts between the steps.</summary>
    DecodeRate,

    /// <summary>The same per card, batches run as one.</summary>
    BatchRatePerCard,

    /// <summary>Output tokens per second with whatever batch fits.</summary>
    Saturated,

    /// <summary>The same per card.</summary>
    SaturatedPerCard,

    /// <summary>Milliseconds to the first token on idle cards.</summary>
    FirstToken,

    /// <summary>Milliseconds to the first token beside a running batch.</summary>
    FirstTokenOnline,

    /// <summary>Prompt tokens per second.</summary>
    PromptRate,

    /// <summary>Watts of all cards.</summary>
    Power,

    /// <summary>Watts of one card.</summary>
    PowerPerCard,
}
