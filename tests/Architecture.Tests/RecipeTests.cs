using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>The recipes of CONTRIBUTING.md: each names a test that exists, and what it adds lives in as few files as it says.</summary>
[Category("Smoke")]
public sealed partial class RecipeTests
{
    private static readonly string[] Recipes =
    [
        "Add a GPU",
        "Add a fabric",
        "Add a code format",
        "Add a figure",
        "Add an architecture",
        "Add a chart",
        "Add a command",
        "Add a bank style",
    ];

    private static readonly Lazy<string> Page = new(() => File.ReadAllText(Shared.InRepo("CONTRIBUTING.md")));

    [TestCaseSource(nameof(Recipes))]
    public void A_recipe_names_a_test_that_exists(string recipe)
    {
        var section = Page.Value.Split("### ").Single(part => part.StartsWith(recipe, StringComparison.Ordinal));
        var named = TestName().Matches(section).Select(match => match.Groups["name"].Value).ToList();
        Assert.That(named, Is.Not.Empty, recipe);
        Assert.Multiple(() =>
        {
            foreach (var name in named)
            {
                var (type, method) = name.Split('.') is [var t, var m] ? (t, m) : (name, "");
                var file = Checkout.Files("tests", type + ".cs").SingleOrDefault();
                Assert.That(file, Is.Not.Null, $"{recipe}: no file {type}.cs in tests");
                if (file is not null)
                    Assert.That(File.ReadAllText(file), Does.Contain(method), $"{recipe}: {type} has no {method}");
            }
        });
    }

    [Test]
    public void An_architecture_is_named_in_at_most_three_files()
    {
        var rows = File.ReadAllText(Shared.InRepo("src/Compiler/Import/Architectures.cs"));
        // Llama's name is also that of a tokenizer.
        var names = RowName().Matches(rows).Select(match => match.Groups["name"].Value).Where(name => name != "llama").ToList();
        Assert.That(names, Has.Count.GreaterThan(10));
        Assert.Multiple(() =>
        {
            foreach (var name in names)
            {
                var files = FilesWith($"\"{name}\"").Where(file => !OfTokenizer().IsMatch(file)).ToList();
                Assert.That(files, Does.Contain("Architectures.cs").And.Count.LessThanOrEqualTo(3), name);
            }
        });
    }

    [TestCase("ListCommand")]
    [TestCase("CompletionCommand")]
    [TestCase("QuantizeCommand")]
    [TestCase("CurveCommand")]
    public void A_command_is_its_own_file_and_a_line_of_the_list(string command) =>
        Assert.That(FilesWith(command + ".Create"), Is.EqualTo((string[])["CommandList.cs"]));

    [Test]
    public void A_bank_style_is_its_own_file()
    {
        // The measured banks of the synthesis suite are of this style.
        var styles = Checkout.Files("src/ChipModel/BankStyles", "*Style.cs").Select(f => Path.GetFileNameWithoutExtension(f)!);
        var others = styles.Where(s => s is not ("BankStyle" or "RomSelectStyle")).ToList();
        Assert.That(others, Has.Count.GreaterThanOrEqualTo(3));
        Assert.Multiple(() =>
        {
            foreach (var style in others)
                Assert.That(FilesWith(style), Is.EqualTo((string[])[style + ".cs"]), style);
        });
    }

    [TestCase("AreaChart")]
    [TestCase("LatencyChart")]
    [TestCase("PowerChart")]
    [TestCase("ServiceMapChart")]
    public void A_chart_of_the_report_is_its_own_file_and_a_line_of_the_pictures(string chart) =>
        Assert.That(FilesWith(chart + ".Draw"), Is.EqualTo((string[])["ReportPictures.cs"]));

    private static List<string> FilesWith(string text) =>
        [
            .. Checkout
                .Files("src", "*.cs")
                .Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal))
                .Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"`(?:tests/[\w./]*/)?(?<name>\w+Tests(?:\.\w+)?)(?:\.cs)?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();

    // Pre-tokenizers and chat templates have names of their own, some of which are those of a family.
    [GeneratedRegex("PreTokenizer|NamedTemplates|SpecialTokens", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfTokenizer();

    [GeneratedRegex("Name = \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowName();
}
