namespace TaalasSim.Compiler.Import;

/// <summary>When an architecture uses <c>rope_factors_long</c> and <c>rope_factors_short</c>.</summary>
public enum RopeFactorPair
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Where the scaling of positions is <c>longrope</c>.</summary>
    WithLongRope,

    /// <summary>Where the file has them.</summary>
    Always,
}
