using System.Globalization;
using System.Numerics;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Numbers as Python reads, rounds and prints them.</summary>
internal static class JinjaNumbers
{
    /// <summary>Python's repr of a float: the shortest text that reads back as the number.</summary>
    public static string Print(double number)
    {
        if (double.IsNaN(number))
            return "nan";
        if (double.IsInfinity(number))
            return number > 0 ? "inf" : "-inf";
        if (number == 0)
            return double.IsNegative(number) ? "-0.0" : "0.0";
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        // Digits and decimal exponent from the shortest form, whatever its layout.
        var (sign, digits, exponent) = Digits(shortest);
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>Python's round: to an even last digit where the exact binary value lies half way.</summary>
    /// <param name="number">Finite number.</param>
    /// <param name="places">Decimal places, -300…300.</param>
    public static double Round(double number, int places)
    {
        if (!double.IsFinite(number) || places > 300)
            return number;
        var bits = BitConverter.DoubleToInt64Bits(number);
        var power = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFF;
        var mantissa = new BigInteger(power == 0 ? fraction : fraction | (1L << 52));
        var exponent = (power == 0 ? 1 : power) - 1075;
        // number × 10^places as a fraction of whole numbers.
        var (over, under) = (mantissa, BigInteger.One);
        if (exponent > 0)
            over <<= exponent;
        else
            under <<= -exponent;
        if (places > 0)
            over *= BigInteger.Pow(10, places);
        else
            under *= BigInteger.Pow(10, -places);
        var whole = BigInteger.DivRem(over, under, out var rest);
        var half = (rest * 2).CompareTo(under);
        if (half > 0 || (half == 0 && !whole.IsEven))
            whole += 1;
        var text =
            $"{(number < 0 ? "-" : "")}{whole.ToString(CultureInfo.InvariantCulture)}E{(-places).ToString(CultureInfo.InvariantCulture)}";
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Python's int(text, base): blanks around it, a sign, single underscores between digits of any script.</summary>
    /// <param name="text">Text.</param>
    /// <param name="numberBase">Base, 2 to 36; 0 takes that of the prefix.</param>
    /// <param name="value">The number; 0 where there is none or it is too large.</param>
    /// <param name="tooLarge">Whether it is a number that 64 bits do not hold.</param>
    public static bool TryWhole(string text, int numberBase, out long value, out bool tooLarge)
    {
        (value, tooLarge) = (0, false);
        text = text.Trim();
        var negative = text.StartsWith('-');
        if (negative || text.StartsWith('+'))
            text = text[1..];
        if (
            numberBase is 16 or 8 or 2 or 0
            && text.Length > 1
            && text[0] == '0'
            && Prefix(text[1]) is > 0 and var prefix
            && (numberBase == 0 || numberBase == prefix)
        )
        {
            numberBase = prefix;
            text = text[2..].TrimStart('_');
        }
        numberBase = numberBase == 0 ? 10 : numberBase;
        if (text.Length == 0 || text.StartsWith('_') || text.EndsWith('_') || text.Contains("__", StringComparison.Ordinal))
            return false;
        Int128 sum = 0;
        foreach (var c in text)
        {
            if (c == '_')
                continue;
            var digit =
                char.IsDigit(c) ? (int)char.GetNumericValue(c)
                : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10
                : 99;
            if (digit >= numberBase)
                return false;
            // Larger numbers stay where they are: all that counts is that they are.
            sum = Int128.Min((sum * numberBase) + digit, Int128.One << 100);
        }
        sum = negative ? -sum : sum;
        tooLarge = sum > long.MaxValue || sum < long.MinValue;
        if (tooLarge)
            return false;
        value = (long)sum;
        return true;
    }

    /// <summary>Python's float(text).</summary>
    public static bool TryReal(string text, out double value)
    {
        text = text.Trim();
        value = 0;
        var sign = text.StartsWith('-') ? -1 : 1;
        switch (text.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity":
                value = sign * double.PositiveInfinity;
                return true;
            case "nan":
                value = double.NaN;
                return true;
        }
        if (text.StartsWith('_') || text.EndsWith('_') || text.Contains("__", StringComparison.Ordinal))
            return false;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out value);
    }

    private static int Prefix(char letter) =>
        letter switch
        {
            'x' or 'X' => 16,
            'o' or 'O' => 8,
            'b' or 'B' => 2,
            _ => 0,
        };

    private static (string Sign, string Digits, int Exponent) Digits(string shortest)
    {
        var sign = shortest.StartsWith('-') ? "-" : "";
        var rest = shortest[sign.Length..];
        var exponent = 0;
        var mark = rest.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(rest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            rest = rest[..mark];
        }
        var point = rest.IndexOf('.');
        var whole = point < 0 ? rest : rest[..point];
        var all = whole + (point < 0 ? "" : rest[(point + 1)..]);
        exponent += whole.Length - 1;
        var leading = all.Length - all.TrimStart('0').Length;
        all = all.TrimStart('0').TrimEnd('0');
        return (sign, all.Length == 0 ? "0" : all, exponent - leading);
    }
}
