using System.Globalization;
using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Descriptions that are meant to exhaust the reader end in one line.</summary>
[Category("Smoke")]
public class BoundedYamlTests
{
    private static IEnumerable<TestCaseData> Hostile =>
        [
            new("a: " + new string('[', 200_000), "nested more than"),
            new("a: " + string.Concat(Enumerable.Repeat("{ b: ", 100_000)), "nested more than"),
            new(Indented(2_000), "nested more than"),
            new("a: &x [1]\nb: *x\n", "anchor"),
            new("a: *x\n", "alias"),
            new(Laughs(), "anchor"),
            new("<<: &b { name: x }\n", "anchor"),
            new("- a\n", "expected one mapping"),
            new("", "expected one mapping"),
            new("\0\0\0", ""),
            new("a: \"\\", ""),
            new("? [a]\n: b\n", ""),
            new("a: 1\n---\nb: 2\n", "expected one mapping"),
            new("%YAML 9.9\n---\na: 1\n", ""),
            new("name: x\nname: y\n", ""),
        ];

    [TestCaseSource(nameof(Hostile))]
    public void A_hostile_description_is_refused_in_one_line(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => YamlReader.Parse<TechnologySpec>(text, "x.yaml"))!;
        Assert.That(error.Message, Does.StartWith("x.yaml").And.Contains(message).And.Not.Contains("\n"));
        Assert.That(error.Message, Has.Length.LessThan(2000));
    }

    [Test]
    public void What_is_no_file_of_limited_size_is_refused()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("pipes and devices of Linux");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe.yaml");
        System.Diagnostics.Process.Start("mkfifo", [pipe]).WaitForExit();
        var zeros = folder.File("zeros.yaml");
        File.CreateSymbolicLink(zeros, "/dev/zero");
        var large = folder.File("large.yaml");
        using (var stream = File.Create(large))
            stream.SetLength(1L << 40);
        Assert.Multiple(() =>
        {
            foreach (var (path, message) in new[] { (pipe, "a pipe or a device"), (zeros, "a pipe or a device"), (large, "too large") })
                Assert.That(
                    () => FabricFile.Read(path),
                    Throws.TypeOf<InputException>().With.Message.StartWith(path).And.Message.Contains(message)
                );
            Assert.That(() => FabricFile.Read(folder.Path), Throws.TypeOf<InputException>().With.Message.Contains("is a folder"));
        });
    }

    [Test]
    public void Every_culture_reads_and_writes_the_same()
    {
        // As German and Swedish write numbers; made by hand, because tests run without the data of cultures.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "−";
        var before = CultureInfo.CurrentCulture;
        var path = Shared.InRepo("chips/fabrics/hc1.yaml");
        var plain = YamlText.Write(FabricFile.Read(path));
        var fault = Fault();
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.That(YamlText.Write(FabricFile.Read(path)), Is.EqualTo(plain));
            Assert.That(Fault(), Is.EqualTo(fault));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string Fault() =>
            Assert
                .Throws<InputException>(() =>
                    FabricFile.Read(path, new Dictionary<string, string> { ["clock_ghz"] = "-1.5", ["dies"] = "-3" })
                )!
                .Message;
    }

    private static string Indented(int depth)
    {
        var text = new StringBuilder();
        for (var i = 0; i < depth; i++)
            text.Append(' ', i).Append("a:\n");
        return text.ToString();
    }

    private static string Laughs()
    {
        var text = new StringBuilder("a: &a [x, x]\n");
        for (var c = 'b'; c < 'z'; c++)
            text.Append(c).Append(": &").Append(c).Append(" [").AppendJoin(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9)).Append("]\n");
        return text.ToString();
    }
}
