using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's escapes in quoted text.</summary>
internal static class JinjaEscapes
{
    public static string Read(int line, ReadOnlySpan<char> quoted)
    {
        var text = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\' || i + 1 >= quoted.Length)
                text.Append(quoted[i]);
            else
                i += Escape(line, text, quoted[(i + 1)..]);
        }
        return text.ToString();
    }

    // Appends one escape and returns its length behind the backslash.
    private static int Escape(int line, StringBuilder text, ReadOnlySpan<char> rest)
    {
        switch (rest[0])
        {
            case 'x':
                return Hexadecimal(line, text, rest, 2);
            case 'u':
                return Hexadecimal(line, text, rest, 4);
            case 'U':
                return Hexadecimal(line, text, rest, 8);
            case >= '0' and <= '7':
                var (digits, value) = (0, 0);
                for (; digits < 3 && digits < rest.Length && rest[digits] is >= '0' and <= '7'; digits++)
                    value = (value * 8) + rest[digits] - '0';
                text.Append((char)value);
                return digits;
            case '\n':
                return 1;
            case 'N':
                throw JinjaFault.At(line, "the escape \\N of a character's name is not supported; write the character");
            default:
                text.Append(
                    rest[0] switch
                    {
                        'n' => "\n",
                        't' => "\t",
                        'r' => "\r",
                        'a' => "\a",
                        'b' => "\b",
                        'f' => "\f",
                        'v' => "\v",
                        '\\' or '\'' or '"' => rest[..1],
                        _ => "\\" + rest[0],
                    }
                );
                return 1;
        }
    }

    private static int Hexadecimal(int line, StringBuilder text, ReadOnlySpan<char> rest, int digits)
    {
        if (
            rest.Length <= digits
            || !int.TryParse(rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0x10FFFF
        )
            throw JinjaFault.At(line, $"the escape \\{rest[0]} needs {digits} hexadecimal digits of a character");
        text.Append(code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString());
        return digits + 1;
    }
}
