using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>curve</c> on the embedded model.</summary>
[Category("Smoke")]
[NonParallelizable]
public class CurveCommandTests
{
    private static readonly string Story = Shared.InRepo("chips/demo/story.txt");

    [Test]
    public void Points_stand_in_json_table_and_picture()
    {
        var folder = TemporaryFolder.New();
        string csv = Path.Combine(folder, "curve.csv"),
            picture = Path.Combine(folder, "curve.svg");
        var (code, output, error) = Invocation.Run(
            "curve",
            Taalas.StoriesModel,
            "-f",
            Story,
            "-c",
            "64",
            "--chunks",
            "1",
            "--axis",
            "kv",
            "--bits",
            "16,4",
            "--csv",
            csv,
            "--picture",
            picture,
            "--json"
        );
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        var points = document.RootElement.GetProperty("points").EnumerateArray().ToList();
        double Divergence(int i) => points[i].GetProperty("divergence").GetProperty("value").GetDouble();
        Assert.Multiple(() =>
        {
            Assert.That(
                points.Select(p => (p.GetProperty("axis").GetString(), p.GetProperty("bits").GetInt32())),
                Is.EqualTo(new[] { ("kv", 16), ("kv", 4) })
            );
            Assert.That(Divergence(1), Is.GreaterThan(2 * Divergence(0)));
            Assert.That(File.ReadAllLines(csv), Has.Length.EqualTo(3));
            Assert.That(File.ReadAllText(picture), Does.StartWith("<?xml").And.Contain("bits"));
        });
    }

    [TestCase("--axis", "width")]
    [TestCase("--bits", "8")]
    [TestCase("--axis", "kv", "--bits", "5")]
    [TestCase("--picture", "curve.txt")]
    public void Bad_input_is_one_line_and_exits_2(params string[] more)
    {
        var (code, _, error) = Invocation.Run(["curve", Taalas.StoriesModel, "-f", Story, .. more]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        });
    }
}
