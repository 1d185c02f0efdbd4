using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Cli.Terminal;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>What people see: tables that fit 80 columns, colours where they are wanted, progress in files.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed partial class TableTests
{
    private const int Columns = 80;

    private static readonly string Folder = TemporaryFolder.New();

    // The tables of bench and perplexity are llama-bench's and llama-perplexity's, column for column.
    private static IEnumerable<TestCaseData> Cases() =>
        JsonTests
            .Documents.Where(d => d.Key is not ("bench" or "import" or "demo" or "perplexity"))
            .SelectMany(d => d.Value.Select((a, i) => new TestCaseData(d.Key, a).SetArgDisplayNames(d.Key, $"{i}")))
            .Append(
                new TestCaseData("compare", (string[])["llama-3.1-8b", "--against", "h200,b200,h100-sxm"]).SetArgDisplayNames(
                    "compare",
                    "3"
                )
            )
            .Append(new TestCaseData("validate", (string[])["formula", "--rows"]).SetArgDisplayNames("validate", "rows"))
            .Append(new TestCaseData("list", (string[])["models"]).SetArgDisplayNames("list", "models"));

    [TestCaseSource(nameof(Cases))]
    public void Tables_fit_80_columns(string command, string[] arguments)
    {
        if (command == "verify-rtl")
            Tools.Need("verilator");
        var before = Environment.GetEnvironmentVariable("COLUMNS");
        try
        {
            Environment.SetEnvironmentVariable("COLUMNS", "80");
            var (code, output, error) = Invocation.Run([command, .. arguments.Select(a => JsonTests.Place(a, Folder))]);
            Assert.That(code, Is.AnyOf(0, 1), error);
            Assert.That((output + error).Split('\n').Where(l => l.Length > Columns && IsOfTable(l)), Is.Empty);
        }
        finally
        {
            Environment.SetEnvironmentVariable("COLUMNS", before);
        }
    }

    [Test]
    public void Words_beside_the_first_column_are_broken_into_lines()
    {
        var table = new TextTable().Words("").Words("");
        table.Row("name", string.Join(' ', Enumerable.Repeat("word", 40)));
        var lines = table.Text(Columns).TrimEnd('\n').Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.GreaterThan(2));
            Assert.That(lines.Select(l => l.Length), Is.All.LessThanOrEqualTo(Columns));
            Assert.That(lines.Skip(1), Is.All.StartsWith(new string(' ', "  name  ".Length) + "word"));
            Assert.That(lines.Sum(l => Regex.Count(l, "word")), Is.EqualTo(40));
        });
    }

    [TestCase("always", true)]
    [TestCase("never", false)]
    [TestCase("auto", false)]
    public void Colours_are_there_when_they_are_wanted(string when, bool expected)
    {
        var output = Invocation.Run("fit", "llama-3.1-8b", "--fabric", "hc1", "--color", when).Output;
        var plain = Invocation.Run("fit", "llama-3.1-8b", "--fabric", "hc1").Output;
        Assert.Multiple(() =>
        {
            Assert.That(output.Contains('\u001b', StringComparison.Ordinal), Is.EqualTo(expected));
            Assert.That(Escape().Replace(output, ""), Is.EqualTo(plain));
            Assert.That(Invocation.Run("fit", "no\u001b[31msuch", "--color", when).Error, Does.Contain("\\u001b[31m"));
        });
    }

    [Test]
    public void No_other_colour_is_taken() => Assert.That(Invocation.Run("list", "gpus", "--color", "red").Code, Is.EqualTo(2));

    [Test]
    public void Progress_in_a_file_is_a_plain_line_now_and_then()
    {
        var before = Console.Error;
        using var caught = new StringWriter { NewLine = "\n" };
        try
        {
            Notices.Begin(held: false);
            Console.SetError(TextWriter.Synchronized(caught));
            using var line = new ProgressLine(live: false, TimeSpan.FromMilliseconds(100));
            line.Show("Work", 0.5);
            Assert.That(() => caught.ToString(), Does.StartWith("Work … 50 %\n").After(5000, 20));
        }
        finally
        {
            Console.SetError(before);
        }
    }

    // Two gaps between words make a row of a table; the rest is text, which a terminal breaks.
    private static bool IsOfTable(string line) => Gap().Count(line.Trim()) >= 2;

    [GeneratedRegex(@"\S {2,}(?=\S)")]
    private static partial Regex Gap();

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
