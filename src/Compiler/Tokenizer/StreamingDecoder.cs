using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Turns ids into text one at a time and holds back the bytes of an incomplete character.</summary>
/// <param name="tokenizer">The vocabulary's tokenizer.</param>
/// <param name="renderSpecial">Shows control and unknown tokens as their texts instead of leaving them out.</param>
public sealed class StreamingDecoder(TextTokenizer tokenizer, bool renderSpecial = false)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private bool _atStart = true;

    /// <summary>Text that is certain after this token; often empty, because a character may span tokens.</summary>
    public string Push(int id)
    {
        if (tokenizer.IsSpecial(id) && !renderSpecial)
            return "";
        var bytes = tokenizer.Piece(id);
        if (_atStart && !tokenizer.IsSpecial(id))
        {
            _atStart = false;
            if (tokenizer.StripsLeadingSpace && bytes.Length > 0 && bytes[0] == (byte)' ')
                bytes = bytes[1..];
        }
        return Decode(bytes, flush: false);
    }

    /// <summary>What is left at the end: U+FFFD for an incomplete character. The decoder can start again afterwards.</summary>
    public string Flush()
    {
        _atStart = true;
        return Decode([], flush: true);
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var chars = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, chars, flush);
        return new string(chars);
    }
}
