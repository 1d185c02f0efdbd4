namespace TaalasSim.ChipModel.Chip;

/// <summary>Where the rotary angles' divisors come from.</summary>
public enum RopeFactors
{
    /// <summary>The angles are not divided.</summary>
    None,

    /// <summary>Tensor <c>rope_freqs</c> (llama 3).</summary>
    Frequencies,

    /// <summary>Tensor <c>rope_factors_long</c> when the run's context exceeds the original one, else <c>rope_factors_short</c>
    /// (phi3).</summary>
    LongRope,
}
