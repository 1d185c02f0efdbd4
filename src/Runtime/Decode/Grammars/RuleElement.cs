namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A rule of the grammar by number.</summary>
internal sealed record RuleElement(int Rule) : GrammarElement;
