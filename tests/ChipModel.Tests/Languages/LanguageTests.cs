using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.ChipModel.Tests.Languages;

/// <summary>Whatever a text holds, it stays a text in the language that it is written in.</summary>
[Category("Smoke")]
public class LanguageTests
{
    // What ends comments, strings, cells and elements, mixed with anything.
    private static readonly string[] Marks =
    [
        "\n",
        "\r",
        "\t",
        "\0",
        "\u001b[31m",
        "\u202e",
        "\u2028",
        "\ud800",
        "\"",
        "'",
        "\\",
        "`include \"x\"",
        "*/",
        "//",
        "#{`id`}",
        "$(id)",
        "</script>",
        "<!--",
        "&",
        ",",
        "=1+1",
        "-1",
        "@x",
        "|",
        "ä",
    ];

    private static readonly Gen<string> Hostile = Gen.OneOf(
            Gen.Int[0, Marks.Length - 1].Select(i => Marks[i]),
            Gen.Char.Select(c => c.ToString())
        )
        .Array[0, 12]
        .Select(parts => string.Concat(parts));

    [Test]
    public void A_name_that_passes_the_gate_has_no_hidden_character_and_stays_whole_as_UTF_8() =>
        Hostile.Sample(text =>
            Assert.That(
                NameGate.Fault(text) is null,
                Is.EqualTo(
                    !text.Any(c =>
                        char.IsControl(c)
                        || "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff".Contains(c)
                    )
                        && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text
                        && text.Length <= NameGate.LongestName
                )
            )
        );

    [TestCase("a\nb", "holds the character U+000A")]
    [TestCase("a\u202eb", "holds the character U+202E")]
    public void The_gate_names_the_character(string text, string fault) => Assert.That(NameGate.Fault(text), Does.Contain(fault));

    [Test]
    public void Half_a_character_is_none() => Assert.That(NameGate.Fault("\ud83d"), Does.Contain("holds the character U+D83D"));

    [TestCase("TaalasSim Stories 1.0M")]
    [TestCase("模型 é 😀")]
    public void A_name_in_any_script_passes(string text) => Assert.That(NameGate.Fault(text), Is.Null);

    [Test]
    public void Lengths_are_bounded()
    {
        Assert.That(NameGate.Fault(new string('x', NameGate.LongestName)), Is.Null);
        Assert.That(NameGate.Fault(new string('x', NameGate.LongestName + 1)), Does.Contain("201 characters"));
    }

    [Test]
    public void A_comment_ends_with_its_line() =>
        Hostile.Sample(text =>
        {
            var comment = CodeText.Comment(text);
            Assert.That(comment, Does.Match(@"\A[ -~]*\z").And.Not.Contains("*/").And.Not.Contains("\\").And.Not.Contains("`"));
        });

    [Test]
    public void A_Ruby_string_ends_at_its_last_quote() =>
        Hostile.Sample(text =>
        {
            var inside = CodeText.RubyString(text);
            Assert.That(inside.Where(NameGate.IsHidden), Is.Empty);
            // Without escaped pairs nothing is left that ends the string or begins an expression.
            for (var i = 0; i < inside.Length; i++)
                if (inside[i] == '\\')
                    i++;
                else
                    Assert.That(inside[i], Is.Not.EqualTo('"').And.Not.EqualTo('#'));
        });

    [TestCase("AND2x2_ASAP7_75t_R", true)]
    [TestCase("a b", false)]
    [TestCase("x\n", false)]
    [TestCase("1x", false)]
    [TestCase("a;shell id", false)]
    [TestCase("", false)]
    public void Identifiers_are_plain_names(string text, bool plain) => Assert.That(CodeText.IsIdentifier(text), Is.EqualTo(plain));

    [Test]
    public void A_cell_of_CSV_is_one_cell_and_no_formula() =>
        Hostile.Sample(text =>
        {
            var cell = CsvText.Cell(text);
            var quoted = cell.StartsWith('"');
            var bare = quoted ? cell[1..^1].Replace("\"\"", "", StringComparison.Ordinal) : cell;
            Assert.That(bare, Does.Not.Contain("\"").And.Not.Contains("\n").And.Not.Contains("\r"));
            if (!quoted)
                Assert.That(cell, Does.Not.Contain(","));
            var inner = quoted ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : cell;
            if (inner.Length > 0 && !double.TryParse(inner, System.Globalization.CultureInfo.InvariantCulture, out _))
                Assert.That("=+-@\t\r", Does.Not.Contain(inner[0].ToString()));
        });

    [TestCase("=1+1", "'=1+1")]
    [TestCase("-1", "-1")]
    [TestCase("+2.5e-3", "+2.5e-3")]
    [TestCase("-1+cmd", "'-1+cmd")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\t=1", "'\\u0009=1")]
    [TestCase("a,\"b\"", "\"a,\"\"b\"\"\"")]
    public void Formulas_get_an_apostrophe_and_numbers_stay(string text, string cell) => Assert.That(CsvText.Cell(text), Is.EqualTo(cell));

    [Test]
    public void Text_of_XML_is_read_back_as_text() =>
        Hostile.Sample(text =>
        {
            var element = XElement.Parse($"<a b=\"{XmlText.Escaped(text)}\">{XmlText.Escaped(text)}</a>", LoadOptions.PreserveWhitespace);
            Assert.That(element.Value, Is.EqualTo(XmlText.Allowed(text)));
            Assert.That(element.Elements(), Is.Empty);
        });

    [Test]
    public void A_literal_of_SQL_ends_at_its_last_quote() =>
        Hostile.Sample(text =>
            Assert.That(
                SqlText.Literal(text)[1..^1].Replace("''", "", StringComparison.Ordinal),
                Does.Not.Contain("'").And.Not.Contains("\n")
            )
        );

    [Test]
    public void A_cell_of_Markdown_has_no_bar_of_its_own() =>
        Hostile.Sample(text =>
        {
            var cell = MarkdownText.Cell(text);
            for (var i = 0; i < cell.Length; i++)
                if (cell[i] == '\\')
                    i++;
                else
                    Assert.That("|<[`\n".Contains(cell[i], StringComparison.Ordinal), Is.False, cell);
        });

    [Test]
    public void A_word_is_the_same_text_in_a_shell()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("needs a POSIX shell");
        Hostile.Sample(
            text =>
            {
                var start = new ProcessStartInfo("/bin/sh", ["-c", $"printf %s {ShellText.Word(text)}"])
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                    StandardOutputEncoding = Encoding.UTF8,
                };
                using var shell = Process.Start(start)!;
                var said = shell.StandardOutput.ReadToEnd();
                shell.WaitForExit();
                var shown = NameGate.Visible(text);
                Assert.That(said, Is.EqualTo(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown))));
            },
            iter: 40
        );
    }

    [TestCase("BANK_0000001", true)]
    [TestCase("A B", false)]
    [TestCase("", false)]
    [TestCase("A\n", false)]
    [TestCase("THIS_NAME_HAS_MORE_THAN_32_CHARACTERS", false)]
    public void Names_of_cells_are_those_of_GDSII(string text, bool allowed) =>
        Assert.That(() => GdsText.Name(text), allowed ? Throws.Nothing : Throws.ArgumentException);

    [Test]
    public void A_terminal_sees_no_escape_sequence() =>
        Hostile.Sample(text =>
        {
            Assert.That(NameGate.Visible(text).Where(NameGate.IsHidden), Is.Empty);
            Assert.That(NameGate.VisibleLines(text).Where(c => NameGate.IsHidden(c) && c is not ('\n' or '\r' or '\t')), Is.Empty);
        });
}
