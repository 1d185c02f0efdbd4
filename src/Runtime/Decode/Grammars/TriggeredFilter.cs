using System.Text;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A grammar that holds from the point on where a trigger begins. Before, every token may come. Text that begins with the trigger
/// and is not of the grammar leaves the rest free.</summary>
public sealed class TriggeredFilter(Grammar grammar, TextTokenizer tokenizer, GrammarTrigger trigger) : ITokenFilter
{
    private readonly List<byte> _text = [];
    private GrammarFilter? _filter;

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
        if (tokenizer.IsEndOfGeneration(token))
            return;
        _text.AddRange(tokenizer.Piece(token));
        var text = Encoding.UTF8.GetString([.. _text]);
        var start = Start(text);
        if (start < 0)
            return;
        var filter = new GrammarFilter(grammar, tokenizer);
        if (filter.TryAccept(Encoding.UTF8.GetBytes(text[start..])))
            _filter = filter;
    }

    // Where the trigger begins once it is whole; -1 before.
    private int Start(string text)
    {
        if (!trigger.IsAtStart)
            return text.IndexOf(trigger.Word, StringComparison.Ordinal);
        var first = text.Length - text.AsSpan().TrimStart().Length;
        var dense = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        return dense.StartsWith(trigger.Word, StringComparison.Ordinal) ? first : -1;
    }
}
