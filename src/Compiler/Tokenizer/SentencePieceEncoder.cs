using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// SentencePiece's byte-pair encoding (kind <c>llama</c>): the adjacent pair whose joined text is the token with the highest score
/// is joined first, the leftmost on ties; what is no token in the end is spelt in byte tokens. Spaces are already U+2581.
/// </summary>
internal sealed class SentencePieceEncoder(Vocabulary vocabulary, int unknownId) : IFragmentEncoder
{
    private readonly int[] _byteTokens = vocabulary.ByteTokens();

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var symbols = Split(text);
        var queue = new PriorityQueue<Candidate, (float Score, int Left)>(HighestScoreThenLeftmost.Instance);
        for (var right = 1; right < symbols.Length; right++)
            Propose(right - 1, right, text);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
                continue;
            left.Length += right.Length;
            right.Length = 0;
            left.Next = right.Next;
            if (right.Next >= 0)
                symbols[right.Next].Previous = pair.Left;
            Propose(left.Previous, pair.Left, text);
            Propose(pair.Left, left.Next, text);
        }
        for (var at = symbols.Length == 0 ? -1 : 0; at >= 0; at = symbols[at].Next)
            Append(text.Slice(symbols[at].Start, symbols[at].Length), ids);

        void Propose(int left, int right, ReadOnlySpan<char> all)
        {
            if (left < 0 || right < 0)
                return;
            var length = symbols[left].Length + symbols[right].Length;
            if (length > vocabulary.LongestText)
                return;
            var id = vocabulary.Find(all.Slice(symbols[left].Start, length));
            if (id >= 0)
                queue.Enqueue(new Candidate(left, right, length), (vocabulary.Scores[id], left));
        }
    }

    private static Symbol[] Split(ReadOnlySpan<char> text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (var start = 0; start < text.Length; )
        {
            var length = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            symbols.Add(
                new Symbol
                {
                    Start = start,
                    Length = length,
                    Previous = symbols.Count - 1,
                    Next = symbols.Count + 1,
                }
            );
            start += length;
        }
        var array = symbols.ToArray();
        if (array.Length > 0)
            array[^1].Next = -1;
        return array;
    }

    private void Append(ReadOnlySpan<char> text, List<int> ids)
    {
        var id = vocabulary.Find(text);
        if (id >= 0)
        {
            ids.Add(id);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        foreach (var value in bytes)
        {
            var byteId = _byteTokens[value] >= 0 ? _byteTokens[value] : unknownId;
            if (byteId < 0)
                throw new InputException(
                    $"tokenizer: no token for byte 0x{value:X2} and no unknown token; the vocabulary cannot spell this text"
                );
            ids.Add(byteId);
        }
    }

    private struct Symbol
    {
        public int Start,
            Length,
            Previous,
            Next;
    }

    private readonly record struct Candidate(int Left, int Right, int Length);

    private sealed class HighestScoreThenLeftmost : IComparer<(float Score, int Left)>
    {
        public static readonly HighestScoreThenLeftmost Instance = new();

        public int Compare((float Score, int Left) x, (float Score, int Left) y)
        {
            var byScore = y.Score.CompareTo(x.Score);
            return byScore != 0 ? byScore : x.Left.CompareTo(y.Left);
        }
    }
}
