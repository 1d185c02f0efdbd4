using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Terminal;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>A model whose rotations have base 0, so that its logits are NaN from the second position on: every command that reads logits
/// ends with 3 and leaves no output.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class NotANumberTests
{
    private string _folder = "",
        _model = "",
        _chip = "",
        _text = "";

    [OneTimeSetUp]
    public void WriteModel()
    {
        _folder = TemporaryFolder.New();
        (_model, _text) = (Path.Combine(_folder, "nan.gguf"), Path.Combine(_folder, "text.txt"));
        TinyModel.Write(_model, writer => writer.Add("llama.rope.freq_base", 0f));
        _chip = TinyModel.Chip(writer => writer.Add("llama.rope.freq_base", 0f));
        File.WriteAllText(_text, string.Concat(Enumerable.Repeat("abcdefghijklmnopq", 10)));
    }

    [Test]
    public void Perplexity_of_NaN_is_no_result() => AssertFails(null, "perplexity", _chip, "-f", _text, "-c", "8");

    [Test]
    public void A_file_of_log_probabilities_holds_no_NaN()
    {
        var file = Path.Combine(_folder, "base.kld");
        AssertFails(file, "perplexity", _chip, "-f", _text, "-c", "8", "--kl-divergence-base", file);
    }

    [Test]
    public void Divergence_of_NaN_is_no_result() =>
        AssertFails(null, "perplexity", _chip, "-f", _text, "-c", "8", "--numerics", "hardware", "--baseline", "reference");

    [Test]
    public void A_curve_through_NaN_is_no_result()
    {
        var table = Path.Combine(_folder, "curve.csv");
        AssertFails(table, "curve", _model, "-f", _text, "-c", "8", "--chunks", "1", "--axis", "kv", "--csv", table, "--json");
    }

    [Test]
    public void Weights_are_not_chosen_by_NaN()
    {
        var chip = Path.Combine(_folder, "auto.chip");
        AssertFails(chip, "compile", _model, "-o", chip, "--fabric", "demo", "--weights", "auto", "--bits", "4", "--calibration", _text);
    }

    [Test]
    public void Written_logits_hold_no_NaN()
    {
        var file = Path.Combine(_folder, "logits.f32");
        AssertFails(file, "run", _chip, "--prompt-ids", "1,2,3", "-n", "0", "--logits", file);
    }

    [TestCase("--greedy")]
    [TestCase("--temp", "1")]
    public void No_token_is_sampled_from_NaN(params string[] sampler) =>
        AssertFails(null, ["run", _chip, "--prompt-ids", "1,2,3", "-n", "2", .. sampler]);

    [Test]
    public void A_number_that_is_none_is_null_in_json() =>
        Assert.That(
            JsonSerializer.Serialize((object[])[double.NaN, float.PositiveInfinity, double.NegativeInfinity, 0.1f, 5e-7], Json.Options),
            Is.EqualTo("[\n  null,\n  null,\n  null,\n  0.1,\n  5E-07\n]")
        );

    private static void AssertFails(string? output, params string[] args)
    {
        var (code, said, error) = Invocation.Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(3), error);
            Assert.That(said, Does.Not.Contain("NaN").And.Not.Contain("∞"));
            Assert.That(error.Trim().Split('\n')[^1], Does.Contain("0x0307 NotANumber"));
            Assert.That(output is null || !Path.Exists(output));
        });
    }
}
