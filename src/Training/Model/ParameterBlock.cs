namespace TaalasSim.Training.Model;

/// <summary>One tensor among a model's parameters.</summary>
/// <param name="Name">GGUF name.</param>
/// <param name="Rows">Outputs; 1 for a norm's gain.</param>
/// <param name="Columns">Inputs: the length of a row.</param>
/// <param name="Offset">Index of its first element.</param>
public sealed record ParameterBlock(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Number of elements.</summary>
    public int Count => Rows * Columns;

    /// <summary>Whether it is a norm's gain, which stays in F32 and does not decay.</summary>
    public bool IsNorm => Rows == 1;

    /// <summary>Its part of an array that holds all parameters, or one value for each of them.</summary>
    public Span<T> Of<T>(T[] all) => all.AsSpan(Offset, Count);
}
