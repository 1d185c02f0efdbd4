using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>quantize</c> on the embedded model, and a chip made from what it wrote.</summary>
[Category("Smoke")]
[NonParallelizable]
public class QuantizeCommandTests
{
    [Test]
    public void A_quantised_model_compiles_as_it_is()
    {
        var file = Path.Combine(TemporaryFolder.New(), "stories-q4_k_m.gguf");
        var (code, output, error) = Invocation.Run("quantize", Taalas.StoriesModel, file, "Q4_K_M", "--json");
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        var types = document
            .RootElement.GetProperty("tensors")
            .EnumerateArray()
            .Select(t => t.GetProperty("to").GetString())
            .Distinct()
            .ToList();
        Assert.Multiple(() =>
        {
            Assert.That(document.RootElement.GetProperty("files").EnumerateArray().Single().GetString(), Is.EqualTo(file));
            Assert.That(
                document.RootElement.GetProperty("tensor_bytes").GetInt64(),
                Is.LessThan(document.RootElement.GetProperty("tensor_bytes_before").GetInt64())
            );
            Assert.That(types, Has.Count.GreaterThan(1));
        });
        var chip = Invocation.Run("compile", file, "-o", Path.Combine(TemporaryFolder.New(), "stories.chip"), "--weights", "preserve");
        Assert.That(chip.Code, Is.Zero, chip.Error);
    }

    [TestCase("absent.gguf", "q8_0")]
    [TestCase("", "q9_9")]
    [TestCase("", "q8_0", "--split-max-size", "3")]
    [TestCase("", "q8_0", "--split-max-tensors", "-1")]
    public void Bad_input_is_one_line_and_exits_2(string model, string type, params string[] more)
    {
        var target = Path.Combine(TemporaryFolder.New(), "out.gguf");
        var (code, _, error) = Invocation.Run(["quantize", model.Length > 0 ? model : Taalas.StoriesModel, target, type, .. more]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(target)!), Is.Empty);
        });
    }
}
