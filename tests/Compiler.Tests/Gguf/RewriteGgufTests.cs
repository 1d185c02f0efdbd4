using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Files written in other types: the mix of types, what is kept, and what is refused.</summary>
[TestFixture, Category("Compiler")]
public sealed class RewriteGgufTests
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => Shared.Path("golden/stories260K/stories260K-f32.gguf");

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    // The goldens were made by llama-quantize; which types it mixes depends on shapes and names alone.
    [TestCase("q3_k_s", "kquant/rand256-q3_k_s.gguf")]
    [TestCase("q4_k_s", "kquant/rand256-q4_k_s.gguf")]
    [TestCase("q5_k_m", "kquant/rand256-q5_k_m.gguf")]
    [TestCase("q4_k_m", "kquant/stories260K-r256-q4_k_m.gguf")]
    [TestCase("q3_k_m", "kquant/stories260K-r256-q3_k_m.gguf")]
    [TestCase("q2_k", "kquant/stories260K-r256-q2_k.gguf")]
    [TestCase("q6_k", "kquant/stories260K-r256-q6_k.gguf")]
    [TestCase("iq4_xs", "kquant/stories260K-r256-iq4_xs.gguf")]
    [TestCase("q4_k_m", "stories260K/stories260K-q4_k_m-fallback.gguf")]
    [TestCase("q4_k_m", "arch/gemma2-w256-q4_k_m.gguf")]
    [TestCase("q4_k_m", "arch/llamamoe-w256-q4_k_m.gguf")]
    [TestCase("q4_k_m", "arch/phi3-w256-q4_k_m.gguf")]
    [TestCase("q4_k_m", "arch/qwen2-w256-q4_k_m.gguf")]
    public void Mix_of_types_is_that_of_llama_quantize(string type, string golden)
    {
        using var file = GgufFile.Open(Shared.Path($"golden/{golden}"));
        var path = _folder.File("mix.gguf");
        RewriteGguf.Write(file, path, Options(type) with { AllowRequantize = true });
        using var written = GgufFile.Open(path);
        Assert.That(written.Tensors.Select(t => t.ToString()), Is.EqualTo(file.Tensors.Select(t => t.ToString())));
    }

    [TestCase("f16")]
    [TestCase("bf16")]
    public void Plain_types_reproduce_the_golden_tensors(string type)
    {
        using var file = GgufFile.Open(Stories);
        using var golden = GgufFile.Open(Shared.Path($"golden/stories260K/stories260K-{type}.gguf"));
        var path = _folder.File($"{type}.gguf");
        RewriteGguf.Write(file, path, Options(type));
        using var written = GgufFile.Open(path);
        AssertSameTensors(written, golden);
    }

    [Test]
    public void Metadata_is_kept_but_for_the_file_type()
    {
        using var file = GgufFile.Open(Stories);
        var path = _folder.File("kept.gguf");
        RewriteGguf.Write(file, path, Options("q4_0"));
        using var written = GgufFile.Open(path);
        string[] own = ["general.file_type", "general.quantization_version"];
        Assert.Multiple(() =>
        {
            Assert.That(Describe(written, own), Is.EqualTo(Describe(file, own)));
            Assert.That(written.Metadata.Get<uint>("general.file_type"), Is.EqualTo(2));
            Assert.That(written.Metadata.Get<uint>("general.quantization_version"), Is.EqualTo(2));
            Assert.That(written.Tensors.Where(t => t.Dimensions.Count == 1).Select(t => t.Type), Is.All.EqualTo(CodeFormats.Named("f32")));
        });
    }

    [Test]
    public void Error_told_is_the_error_made()
    {
        using var file = GgufFile.Open(Stories);
        var path = _folder.File("error.gguf");
        var result = RewriteGguf.Write(file, path, Options("q5_0"));
        using var written = GgufFile.Open(path);
        foreach (var told in result.Tensors.Where(t => t.To == CodeFormats.Named("q5_0")))
        {
            var (error, power) = (0.0, 0.0);
            foreach (var (was, now) in Values(file, told.Name).Zip(Values(written, told.Name)))
            {
                error += Math.Pow((double)was - now, 2);
                power += Math.Pow(was, 2);
            }
            Assert.That(told.RelativeError, Is.EqualTo(Math.Sqrt(error / power)).Within(1e-9), told.Name);
        }
    }

    [Test]
    public void Split_model_comes_back_as_it_was()
    {
        using var file = GgufFile.Open(Stories);
        var whole = _folder.File("whole.gguf");
        RewriteGguf.Write(file, whole, Options("q8_0"));
        var split = RewriteGguf.Write(file, _folder.File("cut.gguf"), Options("q8_0") with { SplitTensors = 20 });
        using var parts = GgufFile.Open(split.Files[0]);
        var again = RewriteGguf.Write(parts, _folder.File("again-00001-of-00007.gguf"), Options("copy") with { KeepSplit = true });
        var joined = _folder.File("joined.gguf");
        RewriteGguf.Write(parts, joined, Options("copy"));
        Assert.Multiple(() =>
        {
            Assert.That(
                split.Files.Select(f => Path.GetFileName(f)),
                Is.EqualTo(new[] { "cut-00001-of-00003.gguf", "cut-00002-of-00003.gguf", "cut-00003-of-00003.gguf" })
            );
            Assert.That(File.ReadAllBytes(joined), Is.EqualTo(File.ReadAllBytes(whole)));
            Assert.That(
                again.Files.Select(f => Path.GetFileName(f)),
                Is.EqualTo(new[] { "again-00001-of-00003.gguf", "again-00002-of-00003.gguf", "again-00003-of-00003.gguf" })
            );
            Assert.That(again.Files.Select(File.ReadAllBytes), Is.EqualTo(split.Files.Select(File.ReadAllBytes)));
        });
    }

    [Test]
    public void Files_hold_no_more_than_asked()
    {
        using var file = GgufFile.Open(Stories);
        var result = RewriteGguf.Write(file, _folder.File("small.gguf"), Options("f16") with { SplitBytes = 100_000 });
        using var written = GgufFile.Open(result.Files[0]);
        var bytes = written.Tensors.GroupBy(t => t.FilePath, StringComparer.Ordinal).Select(g => g.Sum(t => t.Bytes)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(bytes, Is.All.LessThanOrEqualTo(100_000));
            Assert.That(bytes, Has.Count.EqualTo(result.Files.Count).And.Count.GreaterThan(5));
        });
    }

    [Test]
    public void Bad_requests_are_one_line_and_leave_no_file()
    {
        using var file = GgufFile.Open(Stories);
        using var quantised = GgufFile.Open(Shared.Path("golden/stories260K/stories260K-q8_0.gguf"));
        var huge = new GgufWriter();
        huge.AddTensor("a.weight", CodeFormats.Named("f32"), [32, 2], BitConverter.GetBytes(1e9f).Concat(new byte[252]).ToArray());
        var nan = new GgufWriter();
        nan.AddTensor(
            "a.weight",
            CodeFormats.Named("f32"),
            [32, 2],
            new byte[128]
                .Concat(BitConverter.GetBytes(float.NaN))
                .Concat(new byte[124])
                .ToArray()
        );
        huge.Save(_folder.File("huge.gguf"));
        nan.Save(_folder.File("nan.gguf"));
        using var hugeFile = GgufFile.Open(_folder.File("huge.gguf"));
        using var nanFile = GgufFile.Open(_folder.File("nan.gguf"));
        var before = _folder.Names;
        Assert.Multiple(() =>
        {
            Refused(quantised, "q4_0", "bad.gguf", "is quantised already (Q8_0)");
            Refused(hugeFile, "f16", "bad.gguf", "'a.weight': row 0: 1E+09 cannot be stored as F16");
            Refused(hugeFile, "q8_0", "bad.gguf", "'a.weight': row 0: A block scale of 7874015.5 exceeds the largest F16");
            Refused(nanFile, "q8_0", "bad.gguf", "'a.weight': row 1: ", "finite");
            Refused(hugeFile, "copy", "huge.gguf", "is the model that is read");
            Refused(file, "q8_0", "absent/bad.gguf", "there is no folder");
            Assert.That(() => FileType.Named("q9_9"), Throws.TypeOf<InputException>());
            Assert.That(_folder.Names, Is.EqualTo(before));
        });
    }

    private void Refused(GgufFile file, string type, string target, params string[] parts)
    {
        var fault = Assert.Throws<InputException>(() => RewriteGguf.Write(file, _folder.File(target), Options(type)));
        foreach (var part in parts)
            Assert.That(fault!.Message, Does.Contain(part).And.Not.Contains('\n'));
    }

    private static RewriteOptions Options(string type) => new() { Type = FileType.Named(type) };

    private static IEnumerable<string> Describe(GgufFile file, string[] but) =>
        file
            .Metadata.Values.Where(v => !but.Contains(v.Key, StringComparer.Ordinal))
            .Select(v =>
                v.ElementType == GgufValueType.String ? $"{v.Key}={string.Join('|', v.Texts())}"
                : v.ElementType == GgufValueType.Float32 ? $"{v.Key}={string.Join('|', v.Array<float>())}"
                : $"{v.Key}={v}"
            );

    private static float[] Values(GgufFile file, string name)
    {
        var tensor = file.Tensor(name, [.. file.Tensors.Single(t => t.Name == name).Dimensions]);
        var values = new float[tensor.Elements];
        for (var row = 0; row < tensor.Rows; row++)
            tensor.DecodeRow(row, values.AsSpan((int)(row * tensor.RowLength), (int)tensor.RowLength));
        return values;
    }

    private static void AssertSameTensors(GgufFile file, GgufFile other) =>
        Assert.Multiple(() =>
        {
            Assert.That(file.Tensors.Select(t => t.ToString()), Is.EquivalentTo(other.Tensors.Select(t => t.ToString())));
            foreach (var tensor in file.Tensors)
                Assert.That(Values(file, tensor.Name), Is.EqualTo(Values(other, tensor.Name)), tensor.Name);
        });
}
