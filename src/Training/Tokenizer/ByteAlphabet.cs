using System.Text;

namespace TaalasSim.Training.Tokenizer;

/// <summary>
/// GPT-2's printable substitutes for the 256 byte values: printable Latin-1 characters represent themselves, the other 68 bytes, in order,
/// for U+0100 onward. Token texts of a GGUF file of model "gpt2" are written in these characters.
/// </summary>
public static class ByteAlphabet
{
    private static readonly char[] s_chars = Build();
    private static readonly Dictionary<char, byte> s_bytes = s_chars.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => (byte)p.i);

    /// <summary>The character that stands for a byte.</summary>
    public static char CharOf(byte value) => s_chars[value];

    /// <summary>Writes bytes in the alphabet, one character each.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
            text.Append(s_chars[b]);
        return text.ToString();
    }

    /// <summary>The bytes behind a text in the alphabet.</summary>
    /// <exception cref="FormatException">A character is not of the alphabet.</exception>
    public static byte[] Decode(string text) =>
        [.. text.Select(c => s_bytes.TryGetValue(c, out var b) ? b : throw new FormatException($"U+{(int)c:X4} represents no byte."))];

    private static char[] Build()
    {
        var chars = new char[256];
        var next = '\u0100';
        for (var b = 0; b < 256; b++)
            chars[b] = b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : next++;
        return chars;
    }
}
