using System.Xml.Linq;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>The report says how it was made, and whether its chip still says the same.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class ReportCommandTests
{
    [TestCase("llama-3.2-1b")]
    [TestCase("llama-3.2-1b", "--against", "h200,l40s", "--input", "300", "--utilisation", "0.4", "--weights", "rom4", "--gpu-cards", "2")]
    [TestCase("{chip}", "--output-tokens", "50", "--quality", "{quality}")]
    public void The_printed_command_makes_the_same_bytes_again(string design, params string[] more)
    {
        using var folder = new TemporaryFolder();
        var quality = folder.File("it's measured.json");
        File.WriteAllText(quality, Measured);
        var given = more.Select(word => word.Replace("{quality}", quality, StringComparison.Ordinal));
        var made = Invocation.Run([
            "report",
            design.Replace("{chip}", Invocation.DemoChip, StringComparison.Ordinal),
            "-o",
            folder.File("r"),
            .. given,
        ]);
        Assert.That(made.Code, Is.Zero, made.Error);
        var first = Directory.GetFiles(folder.File("r")).ToDictionary(f => f, File.ReadAllBytes);
        var command = Page(folder).Descendants("pre").Single(p => (string?)p.Attribute("id") == "again").Value;
        var words = Words(command);
        Directory.Delete(folder.File("r"), recursive: true);
        var again = Invocation.Run([.. words.Skip(1)]);
        Assert.Multiple(() =>
        {
            Assert.That(words[0], Is.EqualTo("./taalas"));
            Assert.That(again.Code, Is.Zero, again.Error);
            Assert.That(Directory.GetFiles(folder.File("r")), Is.EquivalentTo(first.Keys));
            foreach (var (file, bytes) in first)
                Assert.That(File.ReadAllBytes(file), Is.EqualTo(bytes), file);
            // What was not given is there with the value that it took.
            Assert.That(
                words,
                Does.Contain("--utilisation").And.Contain("--gpu-cards").And.Contain("--input").And.Contain("--output-tokens")
            );
        });
    }

    [Test]
    public void Quality_is_shown_or_the_command_that_measures_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("quality.json");
        string Report(params string[] more)
        {
            var (code, _, error) = Invocation.Run(["report", Invocation.DemoChip, "-o", folder.File("r"), .. more]);
            Assert.That(code, Is.Zero, error);
            return Page(folder).Value;
        }

        var without = Report();
        File.WriteAllText(file, Measured);
        var with = Report("--quality", file);
        File.WriteAllText(file, """{"perplexity":{"value":8,"error":1}}""");
        var half = Report("--quality", file);
        File.WriteAllText(file, """{"perplexity":8}""");
        var wrong = Invocation.Run("report", Invocation.DemoChip, "-o", folder.File("r"), "--quality", file);
        Assert.Multiple(() =>
        {
            Assert.That(without, Does.Contain($"Not measured: run ./taalas perplexity {Invocation.DemoChip} -f TEXT"));
            Assert.That(with, Does.Contain("8.11 ± 0.0420").And.Contain("0.0130 ± 0.00100 nats").And.Contain("95.3 ± 0.200 %"));
            Assert.That(with, Does.Not.Contain("ot measured"));
            Assert.That(
                half,
                Does.Contain("8.00 ± 1.00").And.Contain("KL divergence and most likely tokens were not measured: run ./taalas")
            );
            Assert.That(wrong.Code, Is.EqualTo(2));
            Assert.That(wrong.Error, Does.Contain($"{file}: has no perplexity.value"));
        });
    }

    private const string Measured = """
        {
          "perplexity": { "value": 8.11, "error": 0.042 },
          "perplexity_base": { "value": 8.05, "error": 0.04 },
          "divergence": { "value": 0.013, "error": 0.001 },
          "same_top": { "value": 0.953, "error": 0.002 }
        }
        """;

    private static XElement Page(TemporaryFolder folder) =>
        XDocument
            .Parse(File.ReadAllText(Path.Combine(folder.File("r"), "report.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal))
            .Root!;

    // Words as a POSIX shell reads them: blanks part them, single quotes keep blanks, a backslash keeps one letter.
    private static List<string> Words(string line)
    {
        var (words, word, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '\'')
                quoted = !quoted;
            else if (line[i] == '\\' && !quoted)
                word.Append(line[++i]);
            else if (line[i] == ' ' && !quoted)
                Next();
            else
                word.Append(line[i]);
        Next();
        return words;

        void Next()
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
