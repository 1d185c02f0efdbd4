using System.Buffers;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Token texts are bytes and need not be UTF-8. As strings, each byte that is no part of a character becomes the lone surrogate
/// U+DC00 + byte, which no text holds; so different bytes give different strings, and the way back is exact.
/// </summary>
public static class TokenBytes
{
    private const char First = '\uDC80';
    private const char Last = '\uDCFF';

    /// <summary>The string of some bytes.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        // A replacement character may stand in the bytes themselves; only then the slow way finds nothing to escape.
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? Escaped(bytes) : text;
    }

    /// <summary>The bytes of a string of <see cref="ToText"/>.</summary>
    public static byte[] Of(string text)
    {
        if (IsText(text))
            return Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
                bytes.Add((byte)(text[i] - 0xDC00));
            else
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
            }
        }

        return [.. bytes];
    }

    /// <summary>Whether the string holds no escaped bytes.</summary>
    public static bool IsText(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange(First, Last); i >= 0 && i < text.Length; i++)
            if (IsEscape(text, i))
                return false;
        return true;
    }

    /// <summary>The string for people: U+FFFD in place of escaped bytes.</summary>
    public static string Readable(string text) => IsText(text) ? text : Encoding.UTF8.GetString(Of(text));

    private static bool IsEscape(string text, int at) =>
        text[at] is >= First and <= Last && (at == 0 || !char.IsHighSurrogate(text[at - 1]));

    private static string Escaped(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            var found = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (found == OperationStatus.Done)
                text.Append(rune.ToString());
            else
                // One byte at a time: what follows may begin a character.
                (_, length) = (text.Append((char)(0xDC00 + bytes[0])), 1);
            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
