using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A grammar in llama.cpp's GBNF. Immutable, so threads may share one.</summary>
public sealed class Grammar
{
    internal Grammar(IReadOnlyList<GrammarElement[][]> rules, int root) => (Rules, Root) = (rules, root);

    /// <summary>Alternatives of each rule, each a sequence.</summary>
    internal IReadOnlyList<GrammarElement[][]> Rules { get; }

    /// <summary>Number of the rule that a text must match.</summary>
    internal int Root { get; }

    /// <summary>Reads a grammar.</summary>
    /// <param name="source">GBNF.</param>
    /// <param name="token">Id of the token with a text, or -1; null when tokens cannot be named.</param>
    /// <exception cref="InputException">It cannot be read, names a rule that is missing, or is left-recursive.</exception>
    public static Grammar Parse(string source, Func<string, int>? token = null)
    {
        var parser = new GrammarParser(source, token);
        var grammar = parser.Parse();
        LeftRecursion.Check(grammar, parser.Names);
        return grammar;
    }
}
