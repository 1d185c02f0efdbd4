using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>The walks of docs/layout.md: short, without a file twice, and each step is a reference in the source.</summary>
[Category("Smoke")]
public partial class WalkTests
{
    private static IEnumerable<TestCaseData> Walks() =>
        Walk()
            .Matches(File.ReadAllText(Shared.InRepo("docs/layout.md")))
            .Select(m =>
                new TestCaseData(
                    int.Parse(m.Groups["most"].Value, System.Globalization.CultureInfo.InvariantCulture),
                    m.Groups["files"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                ).SetArgDisplayNames(m.Groups["name"].Value)
            );

    [TestCaseSource(nameof(Walks))]
    public void A_walk_is_short_and_follows_references(int most, string[] files)
    {
        Assert.That(files, Has.Length.LessThanOrEqualTo(most));
        Assert.That(files, Is.Unique);
        Assert.Multiple(() =>
        {
            foreach (var (from, to) in files.Zip(files.Skip(1)))
                Assert.That(Names(from, to) || Names(to, from), Is.True, $"{from} and {to}: neither names the other's type");
        });
    }

    [Test]
    public void The_page_has_the_walks_of_watts_a_weight_and_a_sweep_point() =>
        Assert.That(Walks().Select(walk => (int)walk.Arguments[0]!), Is.EqualTo((int[])[14, 32, 15]));

    private static bool Names(string file, string other) =>
        Regex.IsMatch(
            Comment().Replace(File.ReadAllText(Shared.InRepo(file)), ""),
            $@"\b{Regex.Escape(Path.GetFileNameWithoutExtension(other))}\b",
            RegexOptions.None,
            TimeSpan.FromSeconds(5)
        );

    [GeneratedRegex(
        @"^### (?<name>[^\n]*) \(at most (?<most>\d+) files\)\n.*?```text\n(?<files>.*?)```",
        RegexOptions.Multiline | RegexOptions.Singleline,
        5000
    )]
    private static partial Regex Walk();

    [GeneratedRegex("//[^\n]*", RegexOptions.None, 5000)]
    private static partial Regex Comment();
}
