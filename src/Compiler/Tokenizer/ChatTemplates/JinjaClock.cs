using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>C's strftime with English names, for a time without a zone.</summary>
internal static class JinjaClock
{
    public static string Format(int line, DateTime time, string format)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                result.Append(format[i]);
                continue;
            }
            // glibc: '-' drops padding, '_' pads with blanks.
            var flag = format[i + 1] is '-' or '_' && i + 2 < format.Length ? format[i + 1] : ' ';
            i += flag == ' ' ? 1 : 2;
            var value = Field(line, time, format[i]);
            var stripped = value.Length > 1 ? value.TrimStart('0', ' ') : value;
            stripped = stripped.Length == 0 ? "0" : stripped;
            result.Append(
                flag switch
                {
                    '-' => stripped,
                    '_' => stripped.PadLeft(value.Length),
                    _ => value,
                }
            );
        }
        return result.ToString();
    }

    private static string Field(int line, DateTime time, char letter) =>
        letter switch
        {
            'Y' => Digits(time.Year, 4),
            'y' => Digits(time.Year % 100, 2),
            'C' => Digits(time.Year / 100, 2),
            'm' => Digits(time.Month, 2),
            'B' => Name(time, "MMMM"),
            'b' or 'h' => Name(time, "MMM"),
            'd' => Digits(time.Day, 2),
            'e' => Blanks(time.Day),
            'j' => Digits(time.DayOfYear, 3),
            'A' => Name(time, "dddd"),
            'a' => Name(time, "ddd"),
            'w' => Digits((int)time.DayOfWeek, 1),
            'u' => Digits(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
            'U' => Digits((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
            'W' => Digits((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
            'V' => Digits(ISOWeek.GetWeekOfYear(time), 2),
            'G' => Digits(ISOWeek.GetYear(time), 4),
            'g' => Digits(ISOWeek.GetYear(time) % 100, 2),
            'H' => Digits(time.Hour, 2),
            'k' => Blanks(time.Hour),
            'I' => Digits(Twelve(time), 2),
            'l' => Blanks(Twelve(time)),
            'M' => Digits(time.Minute, 2),
            'S' => Digits(time.Second, 2),
            'f' => time.ToString("ffffff", CultureInfo.InvariantCulture),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'P' => time.Hour < 12 ? "am" : "pm",
            'Z' or 'z' => "",
            'F' => Format(line, time, "%Y-%m-%d"),
            'T' or 'X' => Format(line, time, "%H:%M:%S"),
            'D' or 'x' => Format(line, time, "%m/%d/%y"),
            'R' => Format(line, time, "%H:%M"),
            'r' => Format(line, time, "%I:%M:%S %p"),
            'c' => Format(line, time, "%a %b %e %H:%M:%S %Y"),
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => throw JinjaFault.At(line, $"strftime_now: '%{letter}' is not supported"),
        };

    private static int Twelve(DateTime time) => ((time.Hour + 11) % 12) + 1;

    private static string Name(DateTime time, string form) => time.ToString(form, CultureInfo.InvariantCulture);

    private static string Digits(int value, int places) => value.ToString(CultureInfo.InvariantCulture).PadLeft(places, '0');

    private static string Blanks(int value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(2);
}
