using System.Text;

namespace TaalasSim.Runtime.Quality;

/// <summary>Bytes as llama.cpp makes code points of them: a byte that begins no sequence becomes U+FFFD, a byte-order mark stays, and no
/// other encoding is looked for.</summary>
internal static class LooseText
{
    /// <summary>Characters of bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="bad">Position of the first byte that begins no sequence; −1 for none.</param>
    public static string Of(ReadOnlySpan<byte> bytes, out int bad)
    {
        bad = -1;
        var text = new StringBuilder(bytes.Length);
        for (var at = 0; at < bytes.Length; )
        {
            var length = Length(bytes[at..]);
            if (length == 0)
            {
                bad = bad < 0 ? at : bad;
                text.Append('\uFFFD');
                at++;
                continue;
            }

            // Overlong forms and surrogates pass there; as characters they can only become U+FFFD.
            if (
                Rune.DecodeFromUtf8(bytes.Slice(at, length), out var rune, out var read) == System.Buffers.OperationStatus.Done
                && read == length
            )
            {
                text.Append(rune.ToString());
            }
            else
            {
                bad = bad < 0 ? at : bad;
                text.Append('\uFFFD');
            }

            at += length;
        }

        return text.ToString();
    }

    // By the first byte and the marks of those that follow; 0 for none.
    private static int Length(ReadOnlySpan<byte> bytes)
    {
        var length =
            bytes[0] < 0x80 ? 1
            : bytes[0] < 0xC0 ? 0
            : bytes[0] < 0xE0 ? 2
            : bytes[0] < 0xF0 ? 3
            : bytes[0] < 0xF8 ? 4
            : 0;
        if (length > bytes.Length)
            return 0;
        for (var i = 1; i < length; i++)
            if ((bytes[i] & 0xC0) != 0x80)
                return 0;
        return length;
    }
}
