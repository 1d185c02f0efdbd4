using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Formulas;

namespace TaalasSim.Reports.Tests.Formulas;

[TestFixture]
[Category("Smoke")]
public sealed class FormulaTests
{
    private static FormulaValue Value(string name) =>
        name switch
        {
            "fabric.bank.rows" => FormulaValue.Of(460),
            "x" => FormulaValue.Of(7),
            "weights" => new FormulaValue(double.NaN, "rom3"),
            _ => throw new InputException($"no value '{name}'"),
        };

    [TestCase("7 / 2", 3.5)]
    [TestCase("= ceil(x / 2)", 4)]
    [TestCase("2 ** 10 - x % 3", 1023)]
    [TestCase("-x + +3", -4)]
    [TestCase("1e3 * 0.25", 250)]
    [TestCase("max(1, x, 3) - min(4, 2)", 5)]
    [TestCase("log2(8) + log10(1000) + ln(exp(2)) + sqrt(16)", 12)]
    [TestCase("floor(-1.5) + round(2.5) + truncate(-1.7) + abs(-3)", 3)]
    [TestCase("pow(2, 3) == 8 and not (1 > 2)", 1)]
    [TestCase("weights == 'rom3' ? 10 : 20", 10)]
    [TestCase("weights in ('rom2', 'rom3')", 1)]
    [TestCase("x not in (1, 2)", 1)]
    [TestCase("fabric.bank.rows * 2", 920)]
    [TestCase("[fabric.bank.rows] >= 460 && x != 7 || false", 0)]
    [TestCase("weights == 'fabric.bank.rows'", 0)]
    [TestCase("9007199254740993 - 9007199254740992", 0)]
    public void A_formula_has_the_value_of_its_arithmetic(string text, double expected)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.That(Formula.Parse(text).Evaluate(Value).Number, Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Test]
    public void Names_are_listed_once() =>
        Assert.That(Formula.Parse("a.b + x * a.b + max(x, c)").Names, Is.EqualTo(new[] { "a.b", "x", "c" }));

    [TestCase("", "1 … 500 characters")]
    [TestCase("1 +", "is no formula")]
    [TestCase("exec('rm')", "no function 'exec'")]
    [TestCase("ciel(2)", "did you mean 'ceil'")]
    [TestCase("ceil(1, 2)", "ceil() takes 1 numbers, not 2")]
    [TestCase("x << 40", "no operator")]
    [TestCase("x!", "no operator")]
    [TestCase("#2020-01-01# > 1", "")]
    [TestCase("(1, 2)", "a list stands behind 'in' alone")]
    [TestCase("x in 3", "'in' takes a list")]
    [TestCase("weights like 'r%'", "no operator")]
    public void What_is_not_plain_arithmetic_is_refused(string text, string message) =>
        Assert.That(() => Formula.Parse(text), Throws.TypeOf<InputException>().With.Message.Contains(message));

    [TestCase("weights + 1")]
    [TestCase("weights < 'rom4'")]
    [TestCase("sqrt(weights)")]
    public void A_text_is_no_number(string text) =>
        Assert.That(
            () => Formula.Parse(text).Evaluate(Value),
            Throws.TypeOf<InputException>().With.Message.Contains("'rom3' is a text where a formula needs a number")
        );

    [Test]
    public void Length_depth_and_parts_are_bounded() =>
        Assert.Multiple(() =>
        {
            Refused(new string('1', Formula.LongestText + 1), "500 characters");
            Refused(new string('(', 33) + "1" + new string(')', 33), "nests at most 32");
            Refused(string.Join('+', Enumerable.Repeat("1", 101)), "at most 200 parts");
            Assert.That(Formula.Parse(new string('(', 32) + "1" + new string(')', 32)).Evaluate(Value).Number, Is.EqualTo(1));
            Assert.That(Formula.Parse(string.Join('+', Enumerable.Repeat("1", 100))).Evaluate(Value).Number, Is.EqualTo(100));
            foreach (var c in "-!+([{'\"?,")
                Refused(new string(c, Formula.LongestText), "");
        });

    private static void Refused(string text, string message) =>
        Assert.That(
            () => Formula.Parse(text),
            Throws.TypeOf<InputException>().With.Message.Contains(message),
            text[..Math.Min(9, text.Length)]
        );
}
