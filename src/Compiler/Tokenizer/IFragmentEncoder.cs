namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Turns plain text between two special tokens into ids. Implementations are immutable after construction.</summary>
internal interface IFragmentEncoder
{
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    void Encode(ReadOnlySpan<char> text, List<int> ids);
}
