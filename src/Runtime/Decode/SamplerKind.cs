namespace TaalasSim.Runtime.Decode;

/// <summary>The samplers of a chain, with llama.cpp's names and letters.</summary>
public enum SamplerKind
{
    /// <summary>Repetition, frequency and presence penalties.</summary>
    Penalties,

    /// <summary>DRY: penalises tokens that extend a repeated sequence.</summary>
    Dry,

    /// <summary>Keeps logits within n standard deviations of the largest.</summary>
    TopNSigma,

    /// <summary>Keeps the k largest logits.</summary>
    TopK,

    /// <summary>Locally typical sampling.</summary>
    Typical,

    /// <summary>Nucleus sampling.</summary>
    TopP,

    /// <summary>Keeps tokens with a share of the largest probability.</summary>
    MinP,

    /// <summary>Excludes the top choices with a probability.</summary>
    Xtc,

    /// <summary>Temperature, fixed or dynamic.</summary>
    Temperature,
}
