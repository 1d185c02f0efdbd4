namespace TaalasSim.Runtime.Decode;

/// <summary>How the next token is chosen on the host, with every sampler of llama.cpp. Names, defaults and ranges are
/// llama.cpp's.</summary>
public sealed record SamplerChainSettings
{
    /// <summary>Seed of the draw; null takes a random one.</summary>
    public uint? Seed { get; init; }

    /// <summary>Divides the logits; 0 or less takes the most likely token.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Half width of the range of a temperature that follows the entropy; 0 for a fixed one.</summary>
    public float DynamicTemperatureRange { get; init; }

    /// <summary>Exponent from normalised entropy to dynamic temperature.</summary>
    public float DynamicTemperatureExponent { get; init; } = 1;

    /// <summary>Keeps that many of the largest logits; 0 or less keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the most likely tokens up to this sum of probabilities; 1 keeps all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens with at least this share of the largest probability; 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Keeps logits within that many standard deviations of the largest; 0 or less keeps all.</summary>
    public float TopNSigma { get; init; } = -1;

    /// <summary>Locally typical sampling up to this sum of probabilities; 1 keeps all.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Probability with which the top choices are excluded.</summary>
    public float XtcProbability { get; init; }

    /// <summary>Least probability of an excluded choice; above 0.5 nothing is excluded.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>Number of recent tokens that the penalties look at.</summary>
    public int LastN { get; init; } = 64;

    /// <summary>Divides positive and multiplies negative logits of recent tokens.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>Subtracted once for each occurrence of a recent token.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once for a recent token.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Scale of the DRY penalty; 0 for none.</summary>
    public float DryMultiplier { get; init; }

    /// <summary>Base of the DRY penalty, from 1.</summary>
    public float DryBase { get; init; } = 1.75f;

    /// <summary>Repeats up to this length cost nothing.</summary>
    public int DryAllowedLength { get; init; } = 2;

    /// <summary>Number of recent tokens that DRY looks at.</summary>
    public int DryLastN { get; init; } = 64;

    /// <summary>Texts that end a repeat.</summary>
    public IReadOnlyList<string> DryBreakers { get; init; } = ["\n", ":", "\"", "*"];

    /// <summary>Version of mirostat: 0 for none, 1 or 2.</summary>
    public int Mirostat { get; init; }

    /// <summary>Target surprise of mirostat, bits.</summary>
    public float MirostatTau { get; init; } = 5;

    /// <summary>Learning rate of mirostat.</summary>
    public float MirostatEta { get; init; } = 0.1f;

    /// <summary>Added to logits first; −∞ bans a token.</summary>
    public IReadOnlyList<(int Id, float Bias)> LogitBias { get; init; } = [];

    /// <summary>Truncating samplers keep at least that many candidates.</summary>
    public int MinKeep { get; init; }

    /// <summary>Samplers in order.</summary>
    public IReadOnlyList<SamplerKind> Samplers { get; init; } = SamplerNames.Default;

    /// <summary>
    /// The same choice for the card's own sampler, or null when the card cannot make it: it knows penalties, top-k, top-p, min-p and
    /// temperature, in this order.
    /// </summary>
    /// <param name="seed">Seed of the draw.</param>
    public SamplerSettings? ForCard(uint seed)
    {
        var greedy = Temperature <= 0;
        var isPlain =
            LogitBias.Count == 0
            && Mirostat == 0
            && DryMultiplier == 0
            && MinKeep == 0
            && Samplers.SequenceEqual(SamplerNames.Default)
            && (greedy || (DynamicTemperatureRange <= 0 && TopNSigma <= 0 && TypicalP >= 1 && XtcProbability <= 0 && TopK > 0));
        if (!isPlain)
            return null;
        return new SamplerSettings
        {
            Temperature = Math.Max(0, Temperature),
            TopK = (uint)Math.Max(0, TopK),
            TopP = TopP,
            MinP = MinP,
            RepeatPenalty = RepeatPenalty,
            FrequencyPenalty = FrequencyPenalty,
            PresencePenalty = PresencePenalty,
            LastN = (uint)Math.Max(0, LastN),
            Seed = seed,
        };
    }
}
