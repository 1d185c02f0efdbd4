using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Runtime.Kernels;

/// <summary>What a weight format turns its input vector into before the product.</summary>
internal enum ActivationKind
{
    /// <summary>Left as it is.</summary>
    F32,

    /// <summary>Each element rounded to binary16.</summary>
    F16,

    /// <summary>Each element rounded to bfloat16.</summary>
    Bf16,

    /// <summary>32 codes and a binary16 scale.</summary>
    Q8Zero,

    /// <summary>As <see cref="Q8Zero"/>, with scale · Σ codes in binary16.</summary>
    Q8One,

    /// <summary>256 codes, a float scale and sums of 16 codes.</summary>
    Q8K,

    /// <summary>One scale for the whole vector: the fabric's own numerics.</summary>
    Vector,
}

/// <summary>The pairs of weight and activation types of the reference.</summary>
internal static class ActivationKinds
{
    public static ActivationKind Of(CodeFormat format) => format.Name switch
    {
        "f16" => ActivationKind.F16,
        "bf16" => ActivationKind.Bf16,
        "q4_1" or "q5_1" => ActivationKind.Q8One,
        "q4_0" or "q5_0" or "q8_0" or "q1_0" or "q2_0" or "mxfp4" or "nvfp4" or "iq4_nl" => ActivationKind.Q8Zero,
        _ => format.BlockWeights == 256 ? ActivationKind.Q8K : ActivationKind.F32,
    };
}
