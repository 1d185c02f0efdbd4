using System.Globalization;
using System.Text.RegularExpressions;
using NCalc;
using NCalc.Exceptions;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Formulas;

/// <summary>
/// A formula of a description over named values, e.g. <c>ceil(model.weights / fabric.bank.rows)</c> or <c>watts &lt;= 250</c>. NCalc reads
/// it; what it may hold is bounded: numbers, texts in single quotes, dotted names, arithmetic, comparisons, <c>and or not in</c>, <c>a ? b
/// : c</c> and the functions of <see cref="FormulaFunctions"/>. Numbers are double precision throughout, so <c>7 / 2</c> is 3.5. Evaluation
/// has no loops and no side effects: it takes as many steps as the formula has parts.
/// </summary>
public sealed partial class Formula
{
    /// <summary>Most characters.</summary>
    public const int LongestText = 500;

    /// <summary>Most parts: numbers, names, operators and calls.</summary>
    public const int MostParts = 200;

    /// <summary>Most brackets within one another.</summary>
    public const int Deepest = 32;

    private readonly Func<Func<string, FormulaValue>, FormulaValue> _evaluate;

    // The sides of an inequality, the one that should be less first.
    private readonly Func<Func<string, FormulaValue>, (double Less, double More)>? _sides;

    private Formula(
        string text,
        IReadOnlyList<string> names,
        Func<Func<string, FormulaValue>, FormulaValue> evaluate,
        Func<Func<string, FormulaValue>, (double Less, double More)>? sides
    ) => (Text, Names, _evaluate, _sides) = (text, names, evaluate, sides);

    /// <summary>The formula as it was written, without a leading <c>=</c>.</summary>
    public string Text { get; }

    /// <summary>Names whose values it needs, each once.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a formula.</summary>
    /// <exception cref="InputException">It is none, or passes a bound; the message has no place.</exception>
    public static Formula Parse(string text)
    {
        var body = text.AsSpan().Trim().TrimStart('=').Trim().ToString();
        if (body.Length is 0 or > LongestText)
            throw new InputException($"a formula has 1 … {LongestText} characters, this one {body.Length}");
        if (Depth(body) > Deepest)
            throw new InputException($"a formula nests at most {Deepest} brackets");
        var options = new LogicalExpressionParserOptions { IntegerNumberType = IntegerNumberType.Int64 };
        try
        {
            var read = LogicalExpressionParser.Parse(Bracketed(body), options, CultureInfo.InvariantCulture, default);
            var build = new BuildFormula();
            var evaluate = read.Accept(build);
            return new Formula(body, build.Names, evaluate, build.Sides(read));
        }
        catch (Exception e) when (e is NCalcException or FormatException or OverflowException or ArgumentException)
        {
            throw new InputException($"'{body}' is no formula: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }

    /// <summary>Its value.</summary>
    /// <param name="values">Value of each of <see cref="Names"/>.</param>
    /// <exception cref="InputException">A text where a number is needed.</exception>
    public FormulaValue Evaluate(Func<string, FormulaValue> values) => _evaluate(values);

    /// <summary>How far a condition is from being met: 0 where it is; of an inequality the share of the larger side by which it fails; 1 of
    /// any other condition.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public double Shortfall(Func<string, FormulaValue> values)
    {
        if (_evaluate(values).IsTrue)
            return 0;
        if (_sides?.Invoke(values) is not var (less, more) || !double.IsFinite(less - more))
            return 1;
        return Math.Min(1, (less - more) / Math.Max(double.Epsilon, Math.Max(Math.Abs(less), Math.Abs(more))));
    }

    // NCalc takes names with points in square brackets.
    private static string Bracketed(string text) => DottedName().Replace(text, m => m.Groups["name"].Success ? $"[{m.Value}]" : m.Value);

    private static int Depth(string text)
    {
        var (depth, most) = (0, 0);
        foreach (var c in text)
        {
            depth +=
                c is '(' or '[' or '{' ? 1
                : c is ')' or ']' or '}' ? -1
                : 0;
            most = Math.Max(most, depth);
        }

        return most;
    }

    [GeneratedRegex(@"'[^']*'|""[^""]*""|\[[^\]]*\]|\{[^}]*\}|(?<name>(?<![\w.])[A-Za-z_]\w*(\.\w+)+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DottedName();
}
