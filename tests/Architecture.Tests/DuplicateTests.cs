using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>No two places of src share more than twelve lines without a reason in docs/rationale/duplicates.md.</summary>
[Category("Smoke")]
public partial class DuplicateTests
{
    private const string Page = "docs/rationale/duplicates.md";

    private static IReadOnlyList<Duplicate> Found { get; } = FindDuplicates.In(SourceTree.Current.Files);

    [Test]
    public void Two_places_share_at_most_twelve_lines_or_have_a_reason()
    {
        var reasons = Reasons();
        Rule.Holds(
            $"Two places of src share at most {FindDuplicates.Allowed} lines, or {Page} says why",
            Found.Where(run => !reasons.Contains((run.First, run.Second))).Select(run => run.ToString())
        );
    }

    [Test]
    public void Reasons_are_given_for_duplicates_that_are_there() =>
        Rule.Holds(
            $"{Page} lists places that share lines",
            Reasons().Except(Found.Select(run => (run.First, run.Second))).Select(pair => $"{pair.First} and {pair.Second}")
        );

    [Test]
    public void The_same_lines_with_other_names_are_found()
    {
        var file = SourceTree.Current.Files.First(file => CodeLine.Of(file).Count > 60);
        var renamed = SourceFile.Parse("renamed.cs", file.Folder, Name().Replace(file.Syntax.ToString(), "${name}Renamed"));
        Assert.That(FindDuplicates.In([file, renamed]), Is.Not.Empty);
    }

    [Test]
    public void Verilog_and_Cpp_sources_share_at_most_twelve_lines_of_one_shape()
    {
        string[] files = [.. ((string[])["*.v", "*.vh", "*.cpp"]).SelectMany(pattern => Checkout.Files("src", pattern))];
        Assert.That(files, Has.Length.GreaterThan(20));
        Rule.Holds($"Two places share at most {FindDuplicates.Allowed} lines", SharedShapes(files.Select(f => (f, File.ReadAllLines(f)))));
    }

    [Test]
    public void Verilog_with_other_names_is_found()
    {
        var file = Shared.InRepo("src/Compiler/Export/Rtl/Verilog/scale_unit.v");
        var lines = File.ReadAllLines(file);
        string[] renamed = [.. lines.Select(line => line.Replace("sum", "total", StringComparison.Ordinal))];
        Assert.That(SharedShapes([(file, lines), (file + ".renamed", renamed)]), Is.Not.Empty);
    }

    // Names and numbers do not count; lone brackets and comments are no lines.
    private static List<string> SharedShapes(IEnumerable<(string File, string[] Lines)> files)
    {
        const int window = FindDuplicates.Allowed + 1;
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var (file, text) in files)
        {
            var lines = text.Index()
                .Select(line => (Number: line.Index + 1, Shape: WordOrNumber().Replace(line.Item.Split("//")[0].Trim(), "n")))
                .Where(line => line.Shape.Contains('n', StringComparison.Ordinal))
                .ToList();
            for (var at = 0; at + window <= lines.Count; at++)
            {
                var shapes = lines.GetRange(at, window).Select(line => line.Shape).ToList();
                if (shapes.Distinct(StringComparer.Ordinal).Count() <= window / 2)
                    continue;
                var place = $"{Checkout.Relative(file)}:{lines[at].Number}";
                if (!places.TryAdd(string.Join('\n', shapes), place))
                    found.Add($"{place} and {places[string.Join('\n', shapes)]}");
            }
        }

        return found;
    }

    private static HashSet<(string First, string Second)> Reasons() =>
        [
            .. Row()
                .Matches(File.ReadAllText(Shared.InRepo(Page)))
                .Select(row => (row.Groups["first"].Value, row.Groups["second"].Value))
                .Select(pair => string.CompareOrdinal(pair.Item1, pair.Item2) <= 0 ? pair : (pair.Item2, pair.Item1)),
        ];

    [GeneratedRegex(@"^\| `(?<first>[^`]+)` \| `(?<second>[^`]+)` \| \S", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\w+")]
    private static partial Regex WordOrNumber();

    [GeneratedRegex(@"\b(?<name>[a-z]+[A-Z]\w*)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
