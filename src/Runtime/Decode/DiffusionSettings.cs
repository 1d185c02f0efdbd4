namespace TaalasSim.Runtime.Decode;

/// <summary>How llama.cpp's diffusion runner fills a canvas. Names, defaults and meanings are llama.cpp's.</summary>
public sealed record DiffusionSettings
{
    /// <summary>Positions of the canvas, prompt included.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Steps in all.</summary>
    public int Steps { get; init; } = 128;

    /// <summary>By what the positions of a step are chosen.</summary>
    public DiffusionAlgorithm Algorithm { get; init; } = DiffusionAlgorithm.Confidence;

    /// <summary>Temperature of the choice of positions; 0 takes the best.</summary>
    public float AlgorithmTemperature { get; init; }

    /// <summary>ε of the schedule over timesteps; 0 for the schedule over blocks.</summary>
    public float Epsilon { get; init; }

    /// <summary>Positions of a block; 0 for the schedule over timesteps.</summary>
    public int BlockLength { get; init; }

    /// <summary>Scale of classifier-free guidance; 0 for none.</summary>
    public float GuidanceScale { get; init; }

    /// <summary>Gumbel noise on the logits of the canvas' first row, as llama.cpp adds it.</summary>
    public bool AddGumbelNoise { get; init; }

    /// <summary>Divides logits; 0 draws from them as they are.</summary>
    public float Temperature { get; init; }

    /// <summary>Keeps that many of the largest logits; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the most likely tokens up to this sum of probabilities; 1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Seed of both generators.</summary>
    public uint Seed { get; init; }
}
