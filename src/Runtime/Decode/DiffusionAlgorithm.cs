namespace TaalasSim.Runtime.Decode;

/// <summary>By what llama.cpp's diffusion runner chooses the positions that get their token; its names and numbers.</summary>
public enum DiffusionAlgorithm
{
    /// <summary>At random, and only those are sampled.</summary>
    Origin = 0,

    /// <summary>Largest entropy first, as llama.cpp computes it.</summary>
    Entropy = 1,

    /// <summary>Largest difference of the first two candidates first.</summary>
    Margin = 2,

    /// <summary>At random.</summary>
    Random = 3,

    /// <summary>Largest probability of the sampled token first.</summary>
    Confidence = 4,
}
