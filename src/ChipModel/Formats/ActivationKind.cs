namespace TaalasSim.ChipModel.Formats;

/// <summary>What a weight format turns its input vector into before the product.</summary>
public enum ActivationKind
{
    /// <summary>Left as it is.</summary>
    F32,

    /// <summary>Each element rounded to binary16.</summary>
    F16,

    /// <summary>Each element rounded to bfloat16.</summary>
    Bf16,

    /// <summary>32 codes and a binary16 scale.</summary>
    Q8_0,

    /// <summary>As <see cref="Q8_0"/>, with scale · Σ codes in binary16.</summary>
    Q8_1,

    /// <summary>256 codes, a float scale and sums of 16 codes.</summary>
    Q8_K,

    /// <summary>One scale for the whole vector: the fabric's own numerics.</summary>
    Vector,
}
