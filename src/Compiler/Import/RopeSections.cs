namespace TaalasSim.Compiler.Import;

/// <summary>How the pairs of a head are shared out to the positions of time, height, width and a fourth one by
/// <c>rope.dimension_sections</c>. Text has one position for the first three, and 0 for the fourth.</summary>
public enum RopeSections
{
    /// <summary>Every pair has the position of the token.</summary>
    None,

    /// <summary>One section after the other (qwen2vl).</summary>
    Blocks,

    /// <summary>One section after the other where the file gives the first two, else as <see cref="None"/> (glm4moe).</summary>
    OptionalBlocks,

    /// <summary>By turns, as long as a section lasts (qwen3vl).</summary>
    Interleaved,
}
