namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>One element of a sequence of a grammar.</summary>
internal abstract record GrammarElement;
