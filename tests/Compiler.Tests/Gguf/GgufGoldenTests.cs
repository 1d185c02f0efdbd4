using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Opens every model file that llama.cpp wrote for us.</summary>
[TestFixture, Category("Compiler")]
public sealed class GgufGoldenTests
{
    [TestCaseSource(nameof(Models))]
    public void Model_opens_whole_and_every_value_is_finite(string model)
    {
        var path = Shared.Path($"golden/{model}");
        using var description = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        var root = description.RootElement;
        using (var stream = File.OpenRead(path))
            Assert.That(
                Convert.ToHexStringLower(SHA256.HashData(stream)),
                Is.EqualTo(root.GetProperty("sha256").GetString()),
                "the file is the one described"
            );

        using var file = GgufFile.Open(path);
        var last = file.Tensors[^1];
        var layers = file.Metadata.Get<uint>($"{file.Metadata.GetString("general.architecture")}.block_count");
        Assert.Multiple(() =>
        {
            Assert.That(file.Warnings, Is.Empty);
            Assert.That(file.FileBytes, Is.EqualTo((last.Offset + last.Bytes + 31) / 32 * 32), "tensors fill the file to its end");
            Assert.That(file.Metadata.GetStrings("tokenizer.ggml.tokens"), Has.Length.EqualTo(512));
            Assert.That(
                file.Tensor("token_embd.weight", file.Tensors.Single(t => t.Name == "output_norm.weight").RowLength, 512).Rows,
                Is.EqualTo(512)
            );
            Assert.That(
                file.Tensors.Select(t => t.Name.Split('.')).Where(n => n[0] == "blk").Select(n => n[1]).Distinct().Count(),
                Is.EqualTo(layers)
            );
            foreach (var tensor in file.Tensors)
                Assert.That(Array.TrueForAll(Decode(tensor), float.IsFinite), Is.True, tensor.Name);
        });
    }

    // Largest root mean square error of the weights over their root mean square; measured figures are four to eight tenths of these.
    [TestCase("f16", 0.0005)]
    [TestCase("bf16", 0.004)]
    [TestCase("q8_0", 0.01)]
    [TestCase("q5_1", 0.06)]
    [TestCase("q5_0", 0.08)]
    [TestCase("q4_1", 0.12)]
    [TestCase("q4_0", 0.15)]
    [TestCase("iq4_nl", 0.15)]
    public void Quantised_model_holds_the_weights_of_the_float_model(string type, double bound)
    {
        using var exact = GgufFile.Open(Shared.Path("golden/stories260K/stories260K-f32.gguf"));
        using var quantised = GgufFile.Open(Shared.Path($"golden/stories260K/stories260K-{type}.gguf"));
        Assert.Multiple(() =>
        {
            Assert.That(quantised.Tensors.Select(t => t.Name).Order(), Is.EqualTo(exact.Tensors.Select(t => t.Name).Order()));
            foreach (var tensor in exact.Tensors)
            {
                var (weights, stored) = (Decode(tensor), Decode(quantised.Tensor(tensor.Name, [.. tensor.Dimensions])));
                var error = Math.Sqrt(weights.Zip(stored, (w, s) => Math.Pow((double)w - s, 2)).Sum() / weights.Sum(w => (double)w * w));
                Assert.That(error, Is.LessThan(bound), tensor.Name);
            }
        });
    }

    [TestCaseSource(nameof(Vocabularies))]
    public void Vocabulary_without_tensors_opens(string model)
    {
        using var file = GgufFile.Open(Shared.Path($"golden/{model}"));
        var tokens = file.Metadata.GetStrings("tokenizer.ggml.tokens");
        var types = file.Metadata.GetArray<int>("tokenizer.ggml.token_type");
        Assert.Multiple(() =>
        {
            Assert.That(file.Tensors, Is.Empty);
            Assert.That(tokens, Has.Length.GreaterThan(30_000));
            Assert.That(types, Has.Length.EqualTo(tokens.Length));
            Assert.That(tokens.Distinct().Count(), Is.GreaterThan(tokens.Length * 0.99));
        });
    }

    [Test]
    public void Compressed_vocabulary_opens_once_unpacked()
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.OpenRead(Shared.Path("golden/vocab/vocab-qwen3.gguf.gz")), CompressionMode.Decompress))
        using (var target = File.Create(folder.File("vocab.gguf")))
            packed.CopyTo(target);
        using var file = GgufFile.Open(folder.File("vocab.gguf"));
        Assert.That(file.Metadata.GetStrings("tokenizer.ggml.tokens")[0], Is.EqualTo("!"));
    }

    private static float[] Decode(GgufTensor tensor)
    {
        var values = new float[tensor.Elements];
        for (long row = 0; row < tensor.Rows; row++)
            tensor.DecodeRow(row, values.AsSpan((int)(row * tensor.RowLength), (int)tensor.RowLength));
        return values;
    }

    internal static IEnumerable<string> Models() => Files("arch").Concat(Files("kquant")).Concat(Files("stories260K"));

    private static IEnumerable<string> Vocabularies() => Files("vocab");

    private static IEnumerable<string> Files(string folder) =>
        Shared.Files($"golden/{folder}", "*.gguf").Select(path => $"{folder}/{Path.GetFileName(path)}");
}
