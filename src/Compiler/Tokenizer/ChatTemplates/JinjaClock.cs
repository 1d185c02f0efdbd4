using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>C's strftime for the letters that templates use, with English names.</summary>
internal static class JinjaClock
{
    public static string Format(int line, DateTime time, string format)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            var plain = i + 1 < format.Length && format[i + 1] == '-';
            i += plain ? 2 : 1;
            var text = (i < format.Length ? format[i] : '\0') switch
            {
                'Y' => "yyyy",
                'y' => "yy",
                'm' => "MM",
                'B' => "MMMM",
                'b' => "MMM",
                'd' => "dd",
                'A' => "dddd",
                'a' => "ddd",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'p' => "tt",
                '%' => "'%'",
                _ => throw JinjaFault.At(line, $"strftime_now: '{format}' holds a letter that is not supported"),
            };
            var value = time.ToString(text, CultureInfo.InvariantCulture);
            result.Append(plain && value.Length > 1 ? value.TrimStart('0') : value);
        }
        return result.ToString();
    }
}
