using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>perplexity</c> on the embedded model: what it prints, and that a model does not differ from itself.</summary>
[Category("Smoke")]
[NonParallelizable]
public class PerplexityCommandTests
{
    private static string[] Args(params string[] more) =>
        ["perplexity", Invocation.DemoChip, "-f", Shared.InRepo("chips/demo/story.txt"), "-c", "64", "--chunks", "2", .. more];

    [Test]
    public void A_run_prints_running_values_and_the_final_estimate()
    {
        var (code, output, error) = Invocation.Run(Args());
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(output, Does.Match(@"^\[1\]\d\.\d{4},\[2\]\d\.\d{4},\nFinal estimate: PPL = \d\.\d{4} \+/- \d\.\d{5}\n$"));
        });
    }

    [Test]
    public void The_backend_can_be_chosen_and_named()
    {
        var (code, output, error) = Invocation.Run(Args("--backend", "auto", "--json"));
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        Assert.Multiple(() =>
        {
            Assert.That(document.RootElement.GetProperty("host").GetProperty("backend").GetString(), Is.Not.Empty);
            Assert.That(Invocation.Run(Args("--backend", "abacus")).Code, Is.EqualTo(2));
        });
    }

    [Test]
    public void A_model_does_not_differ_from_its_own_base_file()
    {
        var file = Path.Combine(TemporaryFolder.New(), "base.kld");
        var written = Invocation.Run(Args("--kl-divergence-base", file, "--json"));
        Assert.That(written.Code, Is.Zero, written.Error);
        var (code, output, error) = Invocation.Run("perplexity", Invocation.DemoChip, "--kl-base", file, "--kl-divergence", "--json");
        Assert.That(code, Is.Zero, error);
        using var first = JsonDocument.Parse(written.Output);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("divergence").GetProperty("value").GetDouble(), Is.EqualTo(0).Within(2e-5));
            Assert.That(root.GetProperty("same_top").GetProperty("value").GetDouble(), Is.EqualTo(1));
            Assert.That(root.GetProperty("count").GetInt32(), Is.EqualTo(2 * 31));
            Assert.That(
                root.GetProperty("perplexity").GetProperty("value").GetDouble(),
                Is.EqualTo(first.RootElement.GetProperty("perplexity").GetProperty("value").GetDouble()).Within(1e-6)
            );
        });
    }

    [Test]
    public void Hardware_arithmetic_is_near_its_reference_but_not_equal()
    {
        var (code, output, error) = Invocation.Run(Args("--numerics", "hardware", "--against", "reference", "--json"));
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        Assert.That(
            document.RootElement.GetProperty("divergence").GetProperty("value").GetDouble(),
            Is.GreaterThan(1e-6).And.LessThan(1e-2)
        );
    }

    [TestCase("-c", "3")]
    [TestCase("-c", "100000")]
    [TestCase("-f", "absent.txt")]
    [TestCase("--chunks", "0")]
    [TestCase("--kl-divergence-base", "absent.kld", "--kl-divergence")]
    public void Bad_input_is_one_line_and_exits_2(params string[] options)
    {
        var (code, _, error) = Invocation.Run([
            "perplexity",
            Invocation.DemoChip,
            .. options.Contains("-f") ? options : ["-f", Shared.InRepo("chips/demo/story.txt"), .. options],
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
        });
    }
}
