namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>One token of the vocabulary, or with <paramref name="IsNegated"/> any other.</summary>
internal sealed record TokenElement(int Id, bool IsNegated) : GrammarElement;
