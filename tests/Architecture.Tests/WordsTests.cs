using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>docs/glossary.md defines each term once, keys are built from its words, and texts avoid expressions that are not plain
/// technical English.</summary>
[Category("Smoke")]
public partial class WordsTests
{
    /// <summary>Expressions that must not occur, with the plain alternative.</summary>
    private static readonly (string Pattern, string Instead)[] Forbidden =
    [
        (@"\banew\b", "again"),
        (@"\bby turns\b", "alternately"),
        (@"\bso many\b", "the number itself, or 'that many'"),
        (@"\b(in|at) the end,? (as|it|they)\b", "leave it out"),
        (@"\b(stands?|stood)\b(?! for\b|-in\b| alone\b)", "'is', 'lies' or 'remains'"),
        (@"\b(is|are|was|not|or|nor) whole\b", "'complete'"),
        (@"\bwhole or absent\b", "'complete or absent'"),
        (@"\b(goes|go|going|went) on\b", "'continues' or 'resumes'"),
        (@"\bturned down\b", "'rejected'"),
        (@"\bonce more\b", "'again'"),
        (@"\bhead-room\b", "'headroom'"),
        (@"\bspeed of all users together\b", "'total throughput'"),
        (@"\bno speed of anything\b", "say what it is"),
        (@"\bone user's wish\b", "'request'"),
        (@"\bof one's own\b", "'separate' or 'own'"),
        (@"\btells? (it|one|the host) that\b", "'shows'"),
        (@"\bput by\b", "'stored'"),
        (@"\bwithout a word\b", "'without a warning'"),
    ];

    /// <summary>Where 'beat' has its one meaning, a transfer on a link.</summary>
    private static readonly string[] BeatAllowed = ["docs/glossary.md", "docs/rtl.md", "src/Compiler/Export/Rtl/", "src/Runtime/Rtl/"];

    /// <summary>Projects whose source is read as well; the others are still to come.</summary>
    private static readonly string[] Sources = ["src/Training"];

    /// <summary>A line of <c>chip.yaml</c>, whose bytes are those of every image that there is.</summary>
    private const string ImageHeader = "# Chip image: what stands on the fabric.";

    private static string[] GlossaryLines => File.ReadAllLines(Path.Combine(Shared.Root, "docs", "glossary.md"));

    private static List<string> Terms =>
        [
            .. GlossaryLines
                .TakeWhile(l => !l.StartsWith("## How keys", StringComparison.Ordinal))
                .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| term |", StringComparison.Ordinal))
                .Select(l => l.Split('|')[1].Trim()),
        ];

    [Test]
    public void The_glossary_lists_each_term_once_and_in_order()
    {
        var terms = Terms;
        Assert.That(terms, Has.Count.GreaterThan(100));
        Assert.That(terms, Is.EqualTo(terms.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)));
    }

    [TestCase("TTFT")]
    [TestCase("TPOT")]
    [TestCase("throughput")]
    [TestCase("initiation interval")]
    [TestCase("modulo schedule")]
    [TestCase("tensor parallel")]
    [TestCase("pipeline parallel")]
    [TestCase("arithmetic intensity")]
    [TestCase("bank")]
    [TestCase("site")]
    [TestCase("fabric")]
    [TestCase("weights layer")]
    [TestCase("dataflow layer")]
    [TestCase("code format")]
    [TestCase("chip image")]
    [TestCase("reference GPU")]
    [TestCase("pass")]
    [TestCase("user slot")]
    [TestCase("pipeline slot")]
    public void The_glossary_defines_the_standard_term(string term) => Assert.That(Terms, Does.Contain(term));

    [Test]
    public void Each_key_consists_of_words_of_the_glossary()
    {
        var words = GlossaryWords();
        var keys = YamlKeys("fabrics").Concat(YamlKeys("technology")).Concat(FigureKeys()).Distinct(StringComparer.Ordinal).ToList();
        Assert.That(keys, Has.Count.GreaterThan(150));
        Assert.That(keys, Does.Contain("watts").And.Contain("tokens_per_second_user").And.Contain("scale_block_rows"));
        var unknown =
            from key in keys
            from word in key.Split('_')
            where !words.Contains(word) && !words.Contains(word + "s") && !(word.EndsWith('s') && words.Contains(word[..^1]))
            select $"{key}: '{word}' is neither a term, a unit nor an everyday word of docs/glossary.md";
        Assert.That(unknown, Is.Empty);
    }

    [Test]
    public void Texts_are_in_plain_English()
    {
        var files = TextFiles().ToList();
        Assert.That(files, Has.Count.GreaterThan(100));
        Assert.That(files.SelectMany(Faults), Is.Empty);
    }

    [TestCase("The sums stand at the output.", true)]
    [TestCase("A pad stands for the macro.", false)]
    [TestCase("Encoded anew.", true)]
    [TestCase("The beat of a slot.", true)]
    [TestCase("A renewed licence.", false)]
    public void The_check_finds_what_it_forbids(string text, bool found) => Assert.That(Faults("file", [text]).Any(), Is.EqualTo(found));

    private static HashSet<string> GlossaryWords()
    {
        var text = string.Join('\n', GlossaryLines);
        var named = CodeSpan().Matches(text).Select(m => m.Groups["name"].Value);
        return [.. Terms.Concat(named).SelectMany(t => Word().Matches(t)).Select(m => m.Value.ToLowerInvariant())];
    }

    private static IEnumerable<string> YamlKeys(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Shared.Root, "chips", folder), "*.yaml")
        from line in File.ReadLines(file)
        from Match key in YamlKey().Matches(Quoted().Replace(line, "\"\"").Split('#')[0])
        select key.Groups["key"].Value;

    // Keys of figures and of the other fields that reports explain, as they are written in the source.
    private static IEnumerable<string> FigureKeys() =>
        from folder in new[] { "src/ChipModel/Figures", "src/Reports/Provenance" }
        from file in Directory.EnumerateFiles(Path.Combine(Shared.Root, folder), "*.cs")
        from Match key in KeyLiteral().Matches(File.ReadAllText(file))
        select key.Groups["key"].Value;

    private static IEnumerable<string> TextFiles() =>
        new[] { "docs", "chips" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Shared.Root, folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Shared.Root, "*.md"))
            .Concat(Sources.SelectMany(folder => Checkout.Files(folder, "*.cs")))
            .Where(f => Path.GetExtension(f) is ".md" or ".yaml" or ".json" or ".cs" or ".v" or ".vh" or ".cpp")
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static IEnumerable<string> Faults(string path) =>
        Faults(Path.GetRelativePath(Shared.Root, path).Replace('\\', '/'), File.ReadLines(path));

    private static IEnumerable<string> Faults(string file, IEnumerable<string> lines)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Contains(ImageHeader, StringComparison.Ordinal))
                continue;
            foreach (var (pattern, instead) in Forbidden)
                if (Regex.Match(line, pattern, RegexOptions.IgnoreCase) is { Success: true } match)
                    yield return $"{file}:{number}: '{match.Value}'; write {instead}";
            if (!BeatAllowed.Any(known => file.StartsWith(known, StringComparison.Ordinal)) && Beat().IsMatch(line))
                yield return $"{file}:{number}: 'beat'; write 'initiation interval'";
        }
    }

    [GeneratedRegex("`(?<name>[^`\n]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeSpan();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(^\s*|[{,]\s*)(?<key>[a-z_0-9]+):", RegexOptions.ExplicitCapture)]
    private static partial Regex YamlKey();

    [GeneratedRegex(
        @"(?<=[(\[]|^\s*)""(?<key>[a-z][a-z0-9]*(_[a-z0-9]+)*)""(?=[\],])",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex KeyLiteral();

    [GeneratedRegex(@"\bbeats?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Beat();
}
