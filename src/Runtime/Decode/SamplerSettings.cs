namespace TaalasSim.Runtime.Decode;

/// <summary>How the next token is chosen. Fields mean what they mean in llama.cpp.</summary>
public readonly record struct SamplerSettings
{
    /// <summary>Divides the logits before the draw; 0 or less takes the most likely token.</summary>
    public float Temperature { get; init; }

    /// <summary>Keeps that many of the most likely tokens; 0 keeps all.</summary>
    public uint TopK { get; init; }

    /// <summary>Keeps the most likely tokens up to this sum of probabilities; 0 or less, or 1 and more, keeps all.</summary>
    public float TopP { get; init; }

    /// <summary>Keeps tokens with at least this share of the largest probability; 0 keeps all.</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of recent tokens; 0 or 1 for none.</summary>
    public float RepeatPenalty { get; init; }

    /// <summary>Subtracted from the logit of a recent token, once for each time that it occurs.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once from the logit of every recent token.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Number of recent tokens that the penalties look at.</summary>
    public uint LastN { get; init; }

    /// <summary>Seed of the draw; the low 32 bits count.</summary>
    public ulong Seed { get; init; }

    /// <summary>Always the most likely token; no penalties.</summary>
    public static SamplerSettings Greedy { get; } = new() { TopP = 1, RepeatPenalty = 1 };
}
