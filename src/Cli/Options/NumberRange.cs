using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Cli.Options;

/// <summary>The numbers that an option takes, and the one parser of numbers on the command line.</summary>
/// <param name="Low">Smallest number.</param>
/// <param name="High">Largest number.</param>
internal sealed record NumberRange(double Low, double High)
{
    /// <summary>Whether only whole numbers are taken.</summary>
    public bool Whole { get; init; } = true;

    /// <summary>Whether <see cref="Low"/> itself is refused.</summary>
    public bool AboveLow { get; init; }

    /// <summary>A number outside the range with a meaning of its own, such as −1 for "all"; null for none.</summary>
    public double? Also { get; init; }

    /// <summary>Whole numbers.</summary>
    public static NumberRange Of(long low, long high) => new(low, high);

    /// <summary>Real numbers.</summary>
    public static NumberRange Real(double low, double high) => new(low, high) { Whole = false };

    /// <summary>The range in words.</summary>
    public string Words =>
        (AboveLow ? $"a number above {Plain(Low)} and up to {Plain(High)}" : $"{Plain(Low)}…{Plain(High)}")
        + (Also is { } also ? $" or {Plain(also)}" : "");

    /// <summary>Whether a number is taken.</summary>
    public bool Contains(double value) => value == Also || ((AboveLow ? value > Low : value >= Low) && value <= High);

    /// <summary>Reads a number: ASCII digits with a decimal point and an exponent for real ones, no separators between thousands, no
    /// blanks, no infinity.</summary>
    /// <returns>Null, or what is wrong with the text.</returns>
    public string? Parse<T>(string text, out T value)
        where T : struct, INumber<T>
    {
        var styles = Whole
            ? NumberStyles.AllowLeadingSign
            : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = default;
        // Digits first: a parser of reals also takes words such as NaN and Infinity.
        if (!text.Any(char.IsAsciiDigit) || text.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or '-' or '.' or 'e' or 'E')))
            return $"not a {(Whole ? "whole number" : "number, which is written with a point such as 0.8")}; use {Words}";
        if (!double.TryParse(text, styles, CultureInfo.InvariantCulture, out var number))
            return $"not a {(Whole ? "whole number" : "number")}; use {Words}";
        return !Contains(number) || !T.TryParse(text, styles, CultureInfo.InvariantCulture, out value) ? $"use {Words}" : null;
    }

    /// <summary>Reads an option's value and reports what is wrong with it, by the option's name as it was typed.</summary>
    public T Read<T>(ArgumentResult result)
        where T : struct, INumber<T>
    {
        if (result.Tokens.Count != 1)
        {
            result.AddError($"{Typed(result)}: takes one number; use {Words}");
            return default;
        }

        var text = result.Tokens[0].Value;
        if (Parse<T>(text, out var value) is { } fault)
            result.AddError($"{Typed(result)} {(text.Length == 0 ? "''" : NameGate.Visible(text))}: {fault}");
        return value;
    }

    private static string Typed(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.IdentifierToken?.Value ?? option.Option.Name : result.Argument.Name;

    private static string Plain(double value) => value.ToString("0.#######", CultureInfo.InvariantCulture);
}
