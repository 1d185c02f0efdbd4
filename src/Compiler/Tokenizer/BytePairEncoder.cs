using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Byte-pair encoding with ranked merges (kind <c>gpt2</c>): the pre-tokenizer cuts the text into words; within a word the pair of
/// lowest rank is joined first, the leftmost on ties. Words are spelt in the <see cref="ByteAlphabet"/>, or in plain characters when
/// <see cref="PreTokenizerRule.PlainText"/> says so.
/// </summary>
internal sealed class BytePairEncoder : IFragmentEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly PreTokenizerRule _rule;
    private readonly PreTokenizer _preTokenizer;
    private readonly int[] _byteTokens;

    public BytePairEncoder(Vocabulary vocabulary, string[] merges, PreTokenizerRule rule)
    {
        _vocabulary = vocabulary;
        _merges = new MergeTable(merges);
        _rule = rule;
        _preTokenizer = new PreTokenizer(rule.Patterns);
        _byteTokens = vocabulary.ByteTokens();
    }

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var workspace = new Workspace();
        foreach (var word in _preTokenizer.Split(text))
        {
            if (_rule.PlainText)
                EncodeWord(text[word], workspace, ids);
            else
                EncodeWord(Spell(text[word], workspace), workspace, ids);
        }
    }

    private static ReadOnlySpan<char> Spell(ReadOnlySpan<char> word, Workspace workspace)
    {
        var most = Encoding.UTF8.GetMaxByteCount(word.Length);
        if (workspace.Bytes.Length < most)
        {
            workspace.Bytes = new byte[most];
            workspace.Chars = new char[most];
        }
        var count = Encoding.UTF8.GetBytes(word, workspace.Bytes);
        for (var i = 0; i < count; i++)
            workspace.Chars[i] = ByteAlphabet.ToChar(workspace.Bytes[i]);
        return workspace.Chars.AsSpan(0, count);
    }

    private void EncodeWord(ReadOnlySpan<char> word, Workspace workspace, List<int> ids)
    {
        var wholeWord = _rule.WholeWordFirst || (_rule.NewlinesAsOneToken && !word.ContainsAnyExcept('\n'));
        if (wholeWord && word.Length <= _vocabulary.LongestText && _vocabulary.Find(word) is >= 0 and var id)
        {
            ids.Add(id);
            return;
        }
        var symbols = workspace.Symbols;
        symbols.Clear();
        for (var start = 0; start < word.Length; )
        {
            var length = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
            symbols.Add(
                new Symbol
                {
                    Start = start,
                    Length = length,
                    Value = _merges.Symbol(word.Slice(start, length)),
                    Previous = symbols.Count - 1,
                    Next = start + length < word.Length ? symbols.Count + 1 : -1,
                }
            );
            start += length;
        }
        Merge(workspace);
        foreach (var symbol in symbols)
            if (symbol.Length > 0)
                Append(word.Slice(symbol.Start, symbol.Length), ids);
    }

    private void Merge(Workspace workspace)
    {
        var symbols = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(workspace.Symbols);
        var queue = workspace.Queue;
        for (var right = 1; right < symbols.Length; right++)
            Propose(symbols, right - 1, right);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Value != pair.LeftValue || right.Value != pair.RightValue)
                continue;
            left.Length += right.Length;
            left.Value = pair.Joined;
            right.Length = 0;
            left.Next = right.Next;
            if (right.Next >= 0)
                symbols[right.Next].Previous = pair.Left;
            Propose(symbols, left.Previous, pair.Left);
            Propose(symbols, pair.Left, left.Next);
        }

        void Propose(Span<Symbol> all, int left, int right)
        {
            if (left < 0 || right < 0)
                return;
            var (l, r) = (all[left].Value, all[right].Value);
            if (l >= 0 && r >= 0 && _merges.TryMerge(l, r, out var merge))
                queue.Enqueue(new Candidate(left, right, l, r, merge.Joined), (merge.Rank, left));
        }
    }

    private void Append(ReadOnlySpan<char> text, List<int> ids)
    {
        var id = text.Length <= _vocabulary.LongestText ? _vocabulary.Find(text) : -1;
        if (id >= 0)
        {
            ids.Add(id);
        }
        else if (_rule.PlainText)
        {
            foreach (var value in Encoding.UTF8.GetBytes(text.ToString()))
                if (_byteTokens[value] >= 0)
                    ids.Add(_byteTokens[value]);
        }
        else
        {
            // A byte without a token of its own is dropped, as llama.cpp does.
            foreach (var c in text)
                if (c < 128 && _vocabulary.Find([c]) is >= 0 and var single)
                    ids.Add(single);
        }
    }

    private struct Symbol
    {
        public int Start,
            Length,
            Value,
            Previous,
            Next;
    }

    private readonly record struct Candidate(int Left, int Right, int LeftValue, int RightValue, int Joined);

    private sealed class Workspace
    {
        public byte[] Bytes { get; set; } = [];

        public char[] Chars { get; set; } = [];

        public List<Symbol> Symbols { get; } = [];

        public PriorityQueue<Candidate, (int Rank, int Left)> Queue { get; } = new();
    }
}
