namespace TaalasSim.Compiler.Import;

/// <summary>Which layers of a model with experts are mixtures.</summary>
public enum MixturePeriodRule
{
    /// <summary>Every one after the leading dense ones.</summary>
    None,

    /// <summary>The same, and <c>interleave_moe_layer_step</c> must be 1 (ernie4_5-moe: llama.cpp reads other steps and stops).</summary>
    One,

    /// <summary>The last of every <c>interleave_moe_layer_step</c> layers, which must be there.</summary>
    Interleaved,
}
