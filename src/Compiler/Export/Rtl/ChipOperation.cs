namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Operation of the chip's sequencer; the number is the field of the instruction.</summary>
public enum ChipOperation
{
    /// <summary>An operation of a vector cluster.</summary>
    Vector,

    /// <summary>Rows through the banks of some ports, and their sums to the lanes.</summary>
    Product,

    /// <summary>A token's key and value to the KV memory.</summary>
    KvWrite,

    /// <summary>All keys through the lanes.</summary>
    Scores,

    /// <summary>All values through the lanes.</summary>
    Values,

    /// <summary>The residual stream to the next cluster.</summary>
    Forward,

    /// <summary>The token's vector out of the embedding's sites.</summary>
    Embedding,

    /// <summary>A product whose results go to the sampler.</summary>
    Sample,
}
