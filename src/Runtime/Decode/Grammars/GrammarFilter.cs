using System.Buffers;
using System.Text;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>
/// Follows a text through a grammar token by token. A token is allowed when its bytes, after those that came, can begin a text of the
/// grammar; an end of generation only when the text is complete. Bytes of an incomplete character are kept for the next token.
/// </summary>
public sealed class GrammarFilter : ITokenFilter
{
    private readonly Grammar _grammar;
    private readonly TextTokenizer _tokenizer;
    private HashSet<GrammarPosition> _positions;
    private byte[] _pending = [];

    /// <summary>Starts at the root of the grammar.</summary>
    public GrammarFilter(Grammar grammar, TextTokenizer tokenizer)
    {
        (_grammar, _tokenizer) = (grammar, tokenizer);
        _positions = [];
        foreach (var sequence in grammar.Rules[grammar.Root])
            Expand(new GrammarPosition(sequence, 0, null), _positions);
    }

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => _pending.Length == 0 && _positions.Any(p => p.IsEnd);

    /// <inheritdoc/>
    public bool Allows(int token)
    {
        if (_tokenizer.IsEndOfGeneration(token))
            return IsComplete;
        var piece = _tokenizer.Piece(token);
        return piece.Length > 0 && (Advance(token, piece, out var positions, out var pending) && Reaches(positions, pending));
    }

    /// <inheritdoc/>
    public void Accept(int token)
    {
        if (_tokenizer.IsEndOfGeneration(token))
            return;
        if (!Advance(token, _tokenizer.Piece(token), out var positions, out var pending))
            throw new InvalidOperationException($"token {token} does not follow the grammar");
        (_positions, _pending) = (positions, pending);
    }

    /// <summary>Takes text that no token stands for by itself; false, and nothing is taken, when the grammar refuses it.</summary>
    public bool TryAccept(ReadOnlySpan<byte> text)
    {
        if (!Advance(-1, text, out var positions, out var pending) || !Reaches(positions, pending))
            return false;
        (_positions, _pending) = (positions, pending);
        return true;
    }

    private bool Advance(int token, ReadOnlySpan<byte> piece, out HashSet<GrammarPosition> positions, out byte[] pending)
    {
        positions = [];
        pending = [];
        foreach (var position in _positions)
            if (token >= 0 && position.Element is TokenElement t && (t.Id == token) != t.IsNegated)
                Expand(position.Next(), positions);
        var current = _positions;
        ReadOnlySpan<byte> rest = _pending.Length == 0 ? piece : [.. _pending, .. piece];
        while (rest.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var used);
            if (status == OperationStatus.NeedMoreData)
                break;
            if (status != OperationStatus.Done)
                return positions.Count > 0;
            rest = rest[used..];
            current = Step(current, rune.Value);
            if (current.Count == 0)
                return positions.Count > 0;
        }
        pending = rest.ToArray();
        positions.UnionWith(current);
        return true;
    }

    private HashSet<GrammarPosition> Step(HashSet<GrammarPosition> from, int point)
    {
        var to = new HashSet<GrammarPosition>();
        foreach (var position in from)
            if (position.Element is CharacterElement characters && characters.Matches(point))
                Expand(position.Next(), to);
        return to;
    }

    // Follows references until a character, a token or the end comes next.
    private void Expand(GrammarPosition start, HashSet<GrammarPosition> into)
    {
        var work = new Stack<GrammarPosition>();
        work.Push(start);
        while (work.TryPop(out var position))
        {
            while (position.Element is null && position.Up is not null)
                position = position.Up;
            if (position.Element is not RuleElement reference)
            {
                into.Add(position);
                continue;
            }
            var after = position.At + 1 == position.Sequence.Length && position.Up is not null ? position.Up : position.Next();
            foreach (var sequence in _grammar.Rules[reference.Rule])
                work.Push(new GrammarPosition(sequence, 0, after));
        }
    }

    // Whether some character that begins with the pending bytes may follow.
    private static bool Reaches(HashSet<GrammarPosition> positions, byte[] pending)
    {
        if (pending.Length == 0)
            return true;
        var lead = pending[0];
        var (missing, low) = lead switch
        {
            >= 0xF0 => (4 - pending.Length, lead & 0x07),
            >= 0xE0 => (3 - pending.Length, lead & 0x0F),
            _ => (2 - pending.Length, lead & 0x1F),
        };
        foreach (var next in pending.AsSpan(1))
            low = low << 6 | (next & 0x3F);
        low <<= 6 * missing;
        var high = low | (1 << (6 * missing)) - 1;
        // An overlong form is no character.
        low = Math.Max(
            low,
            lead >= 0xF0 ? 0x10000
                : lead >= 0xE0 ? 0x800
                : 0x80
        );
        foreach (var position in positions)
            if (position.Element is CharacterElement c && c.MayMatch(low, high))
                return true;
        return false;
    }
}
