namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Merges as numbers: every text that occurs in a merge has a symbol, and a pair of symbols its rank and its joined
/// symbol.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<string, int> _symbolOfText = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _symbolOfSpan;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _merges;

    public MergeTable(string[] merges)
    {
        _merges = new Dictionary<(int, int), (int, int)>(merges.Length);
        _symbolOfSpan = _symbolOfText.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var rank = 0; rank < merges.Length; rank++)
        {
            var merge = merges[rank];
            var space = merge.Length > 1 ? merge.IndexOf(' ', 1) : -1;
            if (space < 0)
                continue;
            var left = merge.AsSpan(0, space);
            var right = merge.AsSpan(space + 1);
            // The first mention of a pair is the one that counts.
            _merges.TryAdd((Intern(left), Intern(right)), (rank, Intern(string.Concat(left, right))));
        }
    }

    /// <summary>Symbol of a text, or -1 when no merge mentions it.</summary>
    public int Symbol(ReadOnlySpan<char> text) => _symbolOfSpan.TryGetValue(text, out var symbol) ? symbol : -1;

    public bool TryMerge(int left, int right, out (int Rank, int Joined) merge) => _merges.TryGetValue((left, right), out merge);

    private int Intern(ReadOnlySpan<char> text)
    {
        if (!_symbolOfSpan.TryGetValue(text, out var symbol))
            _symbolOfSpan[text] = symbol = _symbolOfText.Count;
        return symbol;
    }
}
