using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>Tests lie where the tested code lies: <c>tests/X.Tests/F</c> tests <c>src/X/F</c>.</summary>
[Category("Smoke")]
public class MirrorTests
{
    /// <summary>Folders of tests without a folder of the same name in src, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["tests/Architecture.Tests"] = "tests of the checkout as a whole",
        ["tests/Cli.Tests/Fuzz"] = "changed inputs go through whole commands",
        ["tests/Runtime.Tests/Formats"] = "a made-up format goes through several folders",
    };

    [Test]
    public void Every_folder_of_tests_has_a_namesake_in_src()
    {
        var folders = Checkout.Folders("tests").Where(path => path.Split('/')[1].EndsWith(".Tests", StringComparison.Ordinal)).ToList();
        var strangers = folders.Where(path => !Directory.Exists(Shared.InRepo(Namesake(path)))).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(folders, Has.Count.GreaterThan(20));
            Rule.Holds("Every folder of tests has a namesake in src", strangers.Except(Exceptions.Keys));
            Rule.Holds("Exceptions are folders without a namesake", Exceptions.Keys.Except(strangers));
        });
    }

    private static string Namesake(string folder)
    {
        var parts = folder.Split('/');
        return string.Join('/', ["src", parts[1][..^".Tests".Length], .. parts[2..]]);
    }
}
