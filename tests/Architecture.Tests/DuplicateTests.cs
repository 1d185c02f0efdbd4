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

    private static HashSet<(string First, string Second)> Reasons() =>
        [
            .. Row()
                .Matches(File.ReadAllText(Shared.InRepo(Page)))
                .Select(row => (row.Groups["first"].Value, row.Groups["second"].Value))
                .Select(pair => string.CompareOrdinal(pair.Item1, pair.Item2) <= 0 ? pair : (pair.Item2, pair.Item1)),
        ];

    [GeneratedRegex(@"^\| `(?<first>[^`]+)` \| `(?<second>[^`]+)` \| \S", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(?<name>[a-z]+[A-Z]\w*)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
