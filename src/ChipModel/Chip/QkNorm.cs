namespace TaalasSim.ChipModel.Chip;

/// <summary>Normalisation of queries and keys; before the rotary embedding, if not said otherwise.</summary>
public enum QkNorm
{
    /// <summary>Queries and keys are rotated as they are (Llama).</summary>
    None,

    /// <summary>Each head separately, with one weight vector of head size (qwen3, gemma3).</summary>
    Head,

    /// <summary>The whole projection, before it is split in heads (olmo2).</summary>
    Projection,

    /// <summary>Each head separately, after the rotary embedding (hunyuan).</summary>
    HeadAfterRope,

    /// <summary>Each head of layers with a rotary embedding, after it and without weights (llama4).</summary>
    PlainHeadAfterRope,
}
