using System.Text;

namespace TaalasSim.Training.Tokenizer;

/// <summary>Turns text into token ids and back, as llama.cpp does for <c>tokenizer.ggml.model = gpt2</c>, <c>pre = gpt-2</c>.</summary>
public sealed class BpeTokenizer
{
    private readonly Dictionary<(int Left, int Right), int> _merged = [];
    private readonly Dictionary<string, int[]> _seen = new(StringComparer.Ordinal);
    private readonly byte[][] _bytes;

    /// <summary>A tokenizer over a vocabulary.</summary>
    public BpeTokenizer(BpeVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        _bytes = vocabulary.TokenBytes();
        for (var i = 0; i < vocabulary.Merges.Count; i++)
            _merged.TryAdd(vocabulary.Merges[i], 256 + i);
    }

    /// <summary>The vocabulary.</summary>
    public BpeVocabulary Vocabulary { get; }

    /// <summary>Token ids of a text, without begin and end tokens.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        List<int> tokens = [];
        foreach (var word in Gpt2Split.Words(text))
        {
            if (!_seen.TryGetValue(word, out var ids))
                _seen[word] = ids = EncodeWord(word);
            tokens.AddRange(ids);
        }
        return tokens;
    }

    /// <summary>The text of tokens; special tokens have none. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(t => _bytes[t])]);

    private int[] EncodeWord(string word)
    {
        var tokens = Encoding.UTF8.GetBytes(word).Select(b => (int)b).ToList();
        while (true)
        {
            var best = int.MaxValue;
            for (var i = 0; i + 1 < tokens.Count; i++)
                best = Math.Min(best, _merged.GetValueOrDefault((tokens[i], tokens[i + 1]), int.MaxValue));
            if (best == int.MaxValue)
                return [.. tokens];
            BpeTrainer.Merge(tokens, Vocabulary.Merges[best - 256], best);
        }
    }
}
