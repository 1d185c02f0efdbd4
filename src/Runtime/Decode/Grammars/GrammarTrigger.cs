namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>When a grammar begins to hold for a text that was free until then.</summary>
/// <param name="Word">The text that begins what the grammar describes.</param>
/// <param name="IsAtStart">Whether it counts only at the start of the text; then white space in and before it is free.</param>
/// <param name="Header">Between which texts it counts: after the first, or the start of all, and before the second; null for
/// everywhere.</param>
public sealed record GrammarTrigger(string Word, bool IsAtStart, (string Open, string Close)? Header = null);
