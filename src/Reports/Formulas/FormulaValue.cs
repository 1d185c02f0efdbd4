using System.Globalization;

namespace TaalasSim.Reports.Formulas;

/// <summary>A value in a formula: a number, or a text such as the name of a weight format. A truth value is 1 or 0.</summary>
/// <param name="Number">The number; NaN for a text.</param>
/// <param name="Text">The text; null for a number.</param>
public readonly record struct FormulaValue(double Number, string? Text)
{
    /// <summary>Whether it is true: a number other than 0.</summary>
    public bool IsTrue => Text is null && Number != 0;

    /// <summary>A number.</summary>
    public static FormulaValue Of(double number) => new(number, null);

    /// <summary>A truth value.</summary>
    public static FormulaValue Of(bool truth) => new(truth ? 1 : 0, null);

    /// <summary>What a text of a description is: a number where it reads as one, otherwise a text.</summary>
    public static FormulaValue Read(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Of(number)
            : new(double.NaN, text);
}
