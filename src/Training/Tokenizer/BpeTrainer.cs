using System.Text;

namespace TaalasSim.Training.Tokenizer;

/// <summary>
/// Learns byte-pair merges (Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units", ACL 2016) from the
/// words of a corpus.
/// </summary>
public static class BpeTrainer
{
    /// <summary>Merges the most frequent neighbouring pair again and again; of equally frequent ones, that with the smaller ids.</summary>
    /// <param name="texts">The corpus.</param>
    /// <param name="vocabularySize">Tokens wanted, at least 258 (bytes and two special tokens); fewer when no pair occurs twice.</param>
    public static BpeVocabulary Train(IEnumerable<string> texts, int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 258);
        var words = CountWords(texts);
        List<(int Left, int Right)> merges = [];
        var bytes = Enumerable.Range(0, 256).Select(b => Convert.ToHexString([(byte)b])).ToList();
        var taken = bytes.ToHashSet(StringComparer.Ordinal);
        while (merges.Count < vocabularySize - 258)
        {
            // Two tokens of equal bytes would share one text in the file, so a pair that spells a known token is passed over.
            var best = CountPairs(words)
                .Where(p => p.Value > 1 && !taken.Contains(bytes[p.Key.Left] + bytes[p.Key.Right]))
                .OrderByDescending(p => p.Value)
                .ThenBy(p => p.Key.Left)
                .ThenBy(p => p.Key.Right)
                .FirstOrDefault();
            if (best.Value == 0)
                break;
            var merged = 256 + merges.Count;
            merges.Add(best.Key);
            bytes.Add(bytes[best.Key.Left] + bytes[best.Key.Right]);
            taken.Add(bytes[merged]);
            foreach (var (tokens, _) in words)
                Merge(tokens, best.Key, merged);
        }
        return new BpeVocabulary(merges);
    }

    /// <summary>Replaces every occurrence of a pair, from left to right, by one token.</summary>
    internal static void Merge(List<int> tokens, (int Left, int Right) pair, int merged)
    {
        var kept = 0;
        for (var i = 0; i < tokens.Count; i++, kept++)
        {
            var isPair = i + 1 < tokens.Count && tokens[i] == pair.Left && tokens[i + 1] == pair.Right;
            tokens[kept] = isPair ? merged : tokens[i];
            i += isPair ? 1 : 0;
        }
        tokens.RemoveRange(kept, tokens.Count - kept);
    }

    private static List<(List<int> Tokens, long Count)> CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var word in texts.SelectMany(Gpt2Split.Words))
            counts[word] = counts.GetValueOrDefault(word) + 1;
        return [.. counts.Select(p => (Encoding.UTF8.GetBytes(p.Key).Select(b => (int)b).ToList(), p.Value))];
    }

    private static Dictionary<(int Left, int Right), long> CountPairs(List<(List<int> Tokens, long Count)> words)
    {
        var counts = new Dictionary<(int, int), long>();
        foreach (var (tokens, count) in words)
            for (var i = 0; i + 1 < tokens.Count; i++)
                counts[(tokens[i], tokens[i + 1])] = counts.GetValueOrDefault((tokens[i], tokens[i + 1])) + count;
        return counts;
    }
}
