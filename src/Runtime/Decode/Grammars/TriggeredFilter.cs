using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A grammar that holds from the point on where a trigger begins. Before, every token may come. Text that begins with the trigger
/// and is not of the grammar leaves the rest free.</summary>
public sealed class TriggeredFilter(Grammar grammar, TextTokenizer tokenizer, GrammarTrigger trigger) : ITokenFilter
{
    private readonly byte[] _word = Encoding.UTF8.GetBytes(trigger.Word);
    private readonly List<byte> _text = [];
    private GrammarFilter? _filter;
    private bool _isFree;

    /// <summary>Whether the grammar holds now.</summary>
    public bool IsActive => _filter is not null;

    /// <inheritdoc/>
    public bool Allows(int token) => _filter?.Allows(token) ?? true;

    /// <inheritdoc/>
    public void Accept(int token)
    {
        if (_filter is not null)
        {
            _filter.Accept(token);
            return;
        }
        if (_isFree || tokenizer.IsEndOfGeneration(token))
            return;
        _text.AddRange(tokenizer.Piece(token));
        var text = CollectionsMarshal.AsSpan(_text);
        var start = trigger.IsAtStart ? StartOfAll(text) : Find(text);
        if (start < 0)
            return;
        var filter = new GrammarFilter(grammar, tokenizer);
        if (filter.TryAccept(text[start..]))
            _filter = filter;
        else
            // More text behind it makes it no better.
            _isFree = true;
    }

    // The first place of the word that counts; −1 for none.
    private int Find(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf(_word) is >= 0 and var found; at++)
        {
            at += found;
            if (trigger.Header is not { } header)
                return at;
            var before = text[..at];
            var closed = before.LastIndexOf(Encoding.UTF8.GetBytes(header.Close));
            if (closed < 0 || closed < before.LastIndexOf(Encoding.UTF8.GetBytes(header.Open)))
                return at;
        }
        return -1;
    }

    // Where the text begins, if it is with the trigger; −1 else. White space within the trigger is free.
    private int StartOfAll(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var dense = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (dense.StartsWith(trigger.Word, StringComparison.Ordinal))
            return Encoding.UTF8.GetByteCount(text.AsSpan(0, text.Length - text.AsSpan().TrimStart().Length));
        // The bytes of a character that is not whole yet decode as U+FFFD.
        _isFree = !trigger.Word.StartsWith(dense.TrimEnd('\uFFFD'), StringComparison.Ordinal);
        return -1;
    }
}
