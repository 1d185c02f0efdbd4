using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Runtime.Decode;

/// <summary>
/// Tokens that end a repeat for DRY: those that hold a breaker, and those whose end begins one, with the tokens that must follow to
/// complete it.
/// </summary>
public sealed class DryBreakers
{
    private const int LongestText = 40,
        LongestTail = 20;
    private readonly Dictionary<int, List<int[]>> _tails = [];

    /// <summary>Finds the tokens of a vocabulary.</summary>
    public DryBreakers(TextTokenizer tokenizer, IReadOnlyList<string> breakers)
    {
        var texts = Enumerable.Range(0, tokenizer.VocabularySize).Select(id => tokenizer.Decode([id], renderSpecial: true)).ToArray();
        foreach (var breaker in breakers.Where(b => b.Length > 0))
        {
            var text = breaker.Length > LongestText ? breaker[..LongestText] : breaker;
            for (var id = 0; id < texts.Length; id++)
                Add(id, texts[id], text, tokenizer);
        }
    }

    /// <summary>What must follow a token to complete a breaker; an empty tail when the token holds one.</summary>
    internal IReadOnlyList<int[]> TailsOf(int token) => _tails.TryGetValue(token, out var tails) ? tails : [];

    private void Add(int id, string word, string breaker, TextTokenizer tokenizer)
    {
        if (word.Contains(breaker, StringComparison.Ordinal))
        {
            Add(id, []);
            return;
        }
        for (var at = Math.Max(0, word.Length - breaker.Length + 1); at < word.Length; at++)
        {
            var length = word.Length - at;
            if (!word.AsSpan(at).SequenceEqual(breaker.AsSpan(0, length)))
                continue;
            var tail = tokenizer.Encode(breaker[length..], addSpecial: false, parseSpecial: false);
            Add(id, tail.Length > LongestTail ? tail[..LongestTail] : tail);
        }
    }

    private void Add(int id, int[] tail)
    {
        if (!_tails.TryGetValue(id, out var tails))
            _tails[id] = tails = [];
        if (tail.Length == 0 || !tails.Exists(known => known.AsSpan().SequenceEqual(tail)))
            tails.Add(tail);
    }
}
