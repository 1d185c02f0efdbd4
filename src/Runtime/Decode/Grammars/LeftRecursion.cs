using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>Finds rules that begin with themselves: following one would not end.</summary>
internal static class LeftRecursion
{
    /// <exception cref="InputException">A rule begins with itself, at once or through others.</exception>
    public static void Check(Grammar grammar, IReadOnlyList<string> names)
    {
        var nullable = Nullable(grammar);
        var state = new byte[grammar.Rules.Count];
        // An explicit stack: a grammar may be deep.
        for (var first = 0; first < state.Length; first++)
        {
            if (state[first] != 0)
                continue;
            var path = new Stack<(int Rule, IEnumerator<int> Next)>();
            path.Push((first, Firsts(grammar, nullable, first).GetEnumerator()));
            state[first] = 1;
            while (path.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    state[top.Rule] = 2;
                    path.Pop();
                    continue;
                }
                var next = top.Next.Current;
                if (state[next] == 1)
                    throw new InputException($"grammar: rule '{names[next]}' begins with itself (left recursion); write it with * or +");
                if (state[next] == 2)
                    continue;
                state[next] = 1;
                path.Push((next, Firsts(grammar, nullable, next).GetEnumerator()));
            }
        }
    }

    private static IEnumerable<int> Firsts(Grammar grammar, bool[] nullable, int rule)
    {
        foreach (var sequence in grammar.Rules[rule])
        foreach (var element in sequence)
        {
            if (element is not RuleElement reference)
                break;
            yield return reference.Rule;
            if (!nullable[reference.Rule])
                break;
        }
    }

    private static bool[] Nullable(Grammar grammar)
    {
        var nullable = new bool[grammar.Rules.Count];
        for (var changed = true; changed; )
        {
            changed = false;
            for (var rule = 0; rule < nullable.Length; rule++)
            {
                if (
                    nullable[rule]
                    || !Array.Exists(grammar.Rules[rule], s => Array.TrueForAll(s, e => e is RuleElement r && nullable[r.Rule]))
                )
                    continue;
                nullable[rule] = changed = true;
            }
        }
        return nullable;
    }
}
