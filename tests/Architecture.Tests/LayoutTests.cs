using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>docs/layout.md lists the folders that are there, and no other; what docs link to exists.</summary>
[Category("Smoke")]
public partial class LayoutTests
{
    /// <summary>Folders whose every folder has a row.</summary>
    private static readonly string[] ListedWhole = ["chips", "src"];

    /// <summary>Folders of which the first level has rows: tests mirror src below it.</summary>
    private static readonly string[] ListedOneLevel = ["tests", "bench", "samples", "docs"];

    [Test]
    public void The_table_lists_every_folder_once_and_nothing_else()
    {
        var folders = ListedWhole
            .SelectMany(Checkout.Folders)
            .Concat(ListedOneLevel.SelectMany(Checkout.Folders).Where(path => path.Count(c => c == '/') == 1))
            .Concat(ListedWhole)
            .Concat(ListedOneLevel);
        var rows = Row().Matches(File.ReadAllText(Shared.InRepo("docs/layout.md"))).Select(row => row.Groups["path"].Value).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(rows, Is.Unique);
            Rule.Holds("docs/layout.md lists every folder", folders.Except(rows));
            Rule.Holds("docs/layout.md lists nothing that does not exist", rows.Where(row => !Path.Exists(Shared.InRepo(row))));
        });
    }

    [Test]
    public void Links_between_pages_lead_to_files()
    {
        var pages = Checkout.Files("docs", "*.md").Concat(Directory.GetFiles(Shared.Root, "*.md")).ToList();
        var broken =
            from page in pages
            from Match link in Link().Matches(File.ReadAllText(page))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
            select $"{Checkout.Relative(page)}: {target}";
        Assert.That(pages, Has.Count.GreaterThan(10));
        Rule.Holds("Links lead to files", broken);
    }

    [GeneratedRegex(@"^\| `(?<path>[^`]+)` \| \S", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
