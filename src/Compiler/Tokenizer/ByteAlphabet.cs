using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// GPT-2's printable alphabet of the 256 bytes: 0x21-0x7E, 0xA1-0xAC and 0xAE-0xFF stand for themselves,
/// the other 68 bytes, in order, for U+0100 and up.
/// </summary>
internal static class ByteAlphabet
{
    private const int Size = 0x100 + 68;
    private static readonly char[] CharOfByte = BuildChars();
    private static readonly short[] ByteOfChar = BuildBytes();

    public static char ToChar(byte value) => CharOfByte[value];

    /// <summary>The byte that a character of the alphabet stands for, or -1.</summary>
    public static int ToByte(char value) => value < Size ? ByteOfChar[value] : -1;

    /// <summary>Bytes of a token's text. A character outside the alphabet becomes a visible mark, as in llama.cpp.</summary>
    public static byte[] Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var value = rune.IsBmp ? ToByte((char)rune.Value) : -1;
            if (value >= 0)
            {
                bytes.Add((byte)value);
                continue;
            }
            var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(rune.ToString()));
            bytes.AddRange([.. Encoding.UTF8.GetBytes($"[UNK_BYTE_0x{hex}"), .. TokenBytes.Of(text), (byte)']']);
        }
        return [.. bytes];
    }

    private static bool IsItself(int value) => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);

    private static char[] BuildChars()
    {
        var chars = new char[256];
        var next = 0x100;
        for (var value = 0; value < 256; value++)
            chars[value] = (char)(IsItself(value) ? value : next++);
        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Size];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
            bytes[CharOfByte[value]] = (short)value;
        return bytes;
    }
}
