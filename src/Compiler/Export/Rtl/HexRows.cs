using System.Text;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Rows of bit fields as <c>$readmemh</c> reads them and <c>%h</c> prints them: hexadecimal, field 0 in the low bits.</summary>
public static class HexRows
{
    private const string Digits = "0123456789abcdef";

    /// <summary>One row.</summary>
    /// <param name="fields">Values; the low <paramref name="bits"/> bits of each count.</param>
    /// <param name="bits">Bits of one field, 1…64.</param>
    public static string Format(ReadOnlySpan<long> fields, int bits)
    {
        var total = fields.Length * bits;
        var digits = new char[(total + 3) / 4];
        for (var d = 0; d < digits.Length; d++)
        {
            var nibble = 0;
            for (var i = 0; i < 4 && (d * 4) + i < total; i++)
                nibble |= (int)((fields[((d * 4) + i) / bits] >> (((d * 4) + i) % bits)) & 1) << i;
            digits[^(d + 1)] = Digits[nibble];
        }

        return new string(digits);
    }

    /// <summary>Reads a row of signed fields back.</summary>
    /// <exception cref="FormatException">A character that is no hexadecimal digit (for example x, a bit without a value), or too few
    /// digits.</exception>
    public static void Parse(ReadOnlySpan<char> row, int bits, Span<long> fields)
    {
        if (row.Length != ((fields.Length * bits) + 3) / 4)
            throw new FormatException($"{row.Length} digits for {fields.Length} fields of {bits} bits");
        for (var f = 0; f < fields.Length; f++)
        {
            long value = 0;
            for (var i = 0; i < bits; i++)
            {
                var at = (f * bits) + i;
                var digit = row[^((at / 4) + 1)];
                if (!char.IsAsciiHexDigit(digit))
                    throw new FormatException($"'{digit}' in a row of results");
                if (((Convert.ToInt32(digit.ToString(), 16) >> (at % 4)) & 1) != 0)
                    value |= 1L << i;
            }

            fields[f] = value << (64 - bits) >> (64 - bits);
        }
    }

    /// <summary>Writes a file of rows.</summary>
    public static void Write(string path, IEnumerable<string> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(row).Append('\n');
        File.WriteAllText(path, text.ToString());
    }
}
