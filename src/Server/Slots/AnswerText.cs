using System.Text;

namespace TaalasSim.Server.Slots;

/// <summary>Assembles the text of an answer from pieces of tokens, holds back what is not certain and finds stop texts.</summary>
internal sealed class AnswerText(IReadOnlyList<string> stops, int indent)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private int _sent;
    private int _lineStart;
    private bool _isIncomplete;

    /// <summary>The whole text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>The stop text that ended it; empty while none has come.</summary>
    public string StoppingWord { get; private set; } = "";

    /// <summary>Whether a line is less indented than asked.</summary>
    public bool IsIndentBroken { get; private set; }

    /// <summary>Whether a new line was sent.</summary>
    public bool HasNewLine { get; private set; }

    /// <summary>Whether the last piece ended within a character.</summary>
    public bool IsIncomplete => _isIncomplete;

    /// <summary>Takes the piece of a token; returns the text that may be sent.</summary>
    /// <param name="piece">Bytes of the token.</param>
    /// <param name="isLast">An end of generation: nothing more comes.</param>
    public string Push(ReadOnlySpan<byte> piece, bool isLast)
    {
        var chars = new char[_decoder.GetCharCount(piece, flush: isLast)];
        _decoder.Convert(piece, chars, flush: isLast, out _, out var made, out var complete);
        _text.Append(chars, 0, made);
        _isIncomplete = !isLast && (!complete || IsCut(piece, made));
        if (_isIncomplete)
            return "";
        var open = _text.ToString(_sent, _text.Length - _sent);
        var stopAt = FindStop(open, out var word);
        if (stopAt >= 0)
        {
            StoppingWord = word;
            _text.Length = _sent + stopAt;
            return Send();
        }
        return !isLast && MayBeginStop(open) ? "" : Send();
    }

    /// <summary>Text that was held back; for the end of an answer.</summary>
    public string Rest()
    {
        var chars = new char[_decoder.GetCharCount([], flush: true)];
        _decoder.GetChars([], chars, flush: true);
        _text.Append(chars);
        return Send();
    }

    // The decoder says nothing about bytes that it keeps, so the last character is looked at.
    private static bool IsCut(ReadOnlySpan<byte> piece, int made)
    {
        for (var back = 1; back <= Math.Min(4, piece.Length); back++)
        {
            var b = piece[^back];
            if ((b & 0xC0) == 0x80)
                continue;
            var needed =
                b >= 0xF0 ? 4
                : b >= 0xE0 ? 3
                : b >= 0xC0 ? 2
                : 1;
            return back < needed;
        }
        return piece.Length > 0 && made == 0;
    }

    private string Send()
    {
        var part = _text.ToString(_sent, _text.Length - _sent);
        _sent = _text.Length;
        HasNewLine |= part.Contains('\n', StringComparison.Ordinal);
        if (indent > 0 && HasNewLine)
            CheckIndent();
        return part;
    }

    private void CheckIndent()
    {
        var text = _text.ToString();
        if (_lineStart > 0)
        {
            var at = _lineStart;
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
            if (at < text.Length && at - _lineStart < indent)
            {
                IsIndentBroken = true;
                _text.Length = at;
                return;
            }
        }
        var next = text.IndexOf('\n', _lineStart);
        if (next >= 0)
            _lineStart = next + 1;
    }

    private int FindStop(string open, out string word)
    {
        var first = -1;
        word = "";
        foreach (var stop in stops)
        {
            var at = open.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first))
                (first, word) = (at, stop);
        }
        return first;
    }

    private bool MayBeginStop(string open)
    {
        foreach (var stop in stops)
            for (var length = Math.Min(open.Length, stop.Length - 1); length > 0; length--)
                if (open.AsSpan(open.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    return true;
        return false;
    }
}
