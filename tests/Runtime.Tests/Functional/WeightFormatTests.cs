using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>
/// Every type that a model file can have, into every format that can be asked for: the chip is that of the model quantised first and then
/// kept, or <c>fit</c> and <c>compile</c> refuse the pair in the same words. Blocks that do not fill the rows are refused.
/// </summary>
[TestFixture, Category("Compiler")]
public sealed class WeightFormatTests
{
    private static readonly CodeFormat[] Types = [.. CodeFormats.All.Where(f => f.GgmlType >= 0)];
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal);
    private static readonly int[] Tokens = [1, 5, 9, 40];

    private static IEnumerable<string> Names => Types.Select(t => t.Name);

    [TestCaseSource(nameof(Names))]
    public void A_type_becomes_every_format_or_is_refused_alike_by_fit_and_compile(string source)
    {
        var type = CodeFormats.Named(source);
        foreach (var width in new[] { 256, 32 }.Where(width => width % type.BlockWeights == 0))
            Assert.Multiple(() =>
            {
                foreach (var wanted in CodeFormats.All)
                {
                    var fit = Refusal(() => Fit(Source(type, width), wanted.Name));
                    // f64 has no product anywhere; other types are stored where something encodes them and their blocks fill the rows.
                    var possible =
                        wanted.HasProduct
                        && (wanted == type || wanted.GgmlType < 0 || (wanted.CanEncode && width % wanted.BlockWeights == 0));
                    Assert.That(fit is null, Is.EqualTo(possible), $"{source} {width} wide as {wanted.Name}: {fit}");
                    if (fit is null)
                    {
                        if (Shared.All || IsSampled(type, wanted, width))
                            AssertSameChip(Source(type, width), wanted);
                        continue;
                    }

                    var folder = Path.Combine(TemporaryFolder.New(), "refused.chip");
                    Assert.That(Refusal(() => Compile(Source(type, width), wanted.Name, folder)), Is.EqualTo(fit));
                    Assert.That(Directory.Exists(folder), Is.False);
                    Assert.That(fit, Does.Contain(wanted.Name).IgnoreCase.And.Not.Contains('\n'));
                }
            });
    }

    [Test]
    public void A_matrix_that_no_product_takes_is_refused_though_kept()
    {
        var path = Source(CodeFormats.Named("f64"), 32);
        Assert.Multiple(() =>
        {
            Assert.That(Refusal(() => Fit(path, "preserve")), Does.Contain("F64 cannot be multiplied"));
            Assert.That(Refusal(() => Compile(path, "preserve", Path.Combine(TemporaryFolder.New(), "c"))), Does.Contain("F64"));
        });
    }

    [Test]
    public void A_value_beyond_the_format_is_refused_with_its_row()
    {
        var path = Path.Combine(TemporaryFolder.New(), "large.gguf");
        Model(CodeFormats.Named("f32"), 32, (name, values) =>
            {
                if (name == "blk.0.ffn_up.weight")
                    values[(7 * 32) + 3] = 1e6f;
            })
            .Save(path);
        var folder = Path.Combine(TemporaryFolder.New(), "c");
        Assert.That(
            Refusal(() => Compile(path, "f16", folder)),
            Does.Contain("tensor blk.0.ffn_up.weight: row 7: 1000000 cannot be stored as F16")
        );
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [TestCase("q4_k_m", "is a mix of several types; write it first with './taalas quantize")]
    [TestCase("q4_kk", "no such format")]
    [TestCase("auto", "is chosen by measurement")]
    public void A_name_that_is_no_format_is_refused_with_advice(string name, string advice) =>
        Assert.That(Refusal(() => Fit(Source(CodeFormats.Named("f32"), 32), name)), Does.Contain(advice));

    // Every format from F32, and of every type one format at its turn; in the narrow model where blocks allow.
    private static bool IsSampled(CodeFormat type, CodeFormat wanted, int width)
    {
        if (width != (Math.Max(type.BlockWeights, wanted.BlockWeights) > 32 ? 256 : 32))
            return false;
        var formats = CodeFormats.All.Where(f => f.HasProduct && (f.GgmlType < 0 || f.CanEncode)).ToArray();
        return type is F32Format || formats[Array.IndexOf(Types, type) % formats.Length] == wanted;
    }

    private static void AssertSameChip(string path, CodeFormat wanted)
    {
        var direct = Path.Combine(TemporaryFolder.New(), "direct.chip");
        Compile(path, wanted.Name, direct);
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        var logits = GoldenModels.Evaluate(direct, kernels, Tokens, Tokens.Length);
        Assert.That(logits, Has.All.Matches<float>(float.IsFinite), $"{path} as {wanted.Name}");
        if (wanted.GgmlType < 0)
            return;
        var kept = Path.Combine(TemporaryFolder.New(), "kept.chip");
        var quantised = Path.Combine(TemporaryFolder.New(), "quantised.gguf");
        using (var source = GgufFile.Open(path))
            if (wanted.CanEncode)
                RewriteGguf.Write(
                    source,
                    quantised,
                    new RewriteOptions
                    {
                        Type = FileType.All.First(t => t.Base == wanted),
                        Pure = true,
                        AllowRequantize = true,
                    }
                );
            else
                File.Copy(path, quantised);
        Compile(quantised, "preserve", kept);
        Assert.That(
            File.ReadAllBytes(Path.Combine(direct, ChipDirectory.WeightsName)),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(kept, ChipDirectory.WeightsName))),
            $"{path} as {wanted.Name}"
        );
        GoldenLogitsTests.AssertSameBits(logits, GoldenModels.Evaluate(kept, kernels, Tokens, Tokens.Length));
    }

    private static void Fit(string path, string weights)
    {
        using var stage = SourceModel.Open(path, Options(weights));
        CompilerSteps.Run<FittedDesign>(stage);
    }

    private static void Compile(string path, string weights, string folder) =>
        Assert.That(CompileModel.ToImage(path, folder, Options(weights)).Fits, Is.True);

    private static CompileOptions Options(string weights) =>
        new()
        {
            Fabric = GoldenModels.Fabric,
            Weights = weights,
            Compiler = "test",
        };

    private static string? Refusal(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    private static string Source(CodeFormat type, int width)
    {
        lock (Sources)
        {
            var key = $"{type.Name}-{width}";
            if (!Sources.TryGetValue(key, out var path))
            {
                Sources.Add(key, path = Path.Combine(TemporaryFolder.OfProcess, $"source-{key}.gguf"));
                Model(type, width).Save(path);
            }

            return path;
        }
    }

    // One layer; rows of every matrix are as wide as the model.
    private static GgufWriter Model(CodeFormat type, int width, Action<string, float[]>? change = null)
    {
        const int Vocabulary = 48;
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("llama.context_length", 64u);
        writer.Add("llama.embedding_length", (uint)width);
        writer.Add("llama.block_count", 1u);
        writer.Add("llama.feed_forward_length", (uint)width);
        writer.Add("llama.attention.head_count", 4u);
        writer.Add("llama.attention.head_count_kv", 1u);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("tokenizer.ggml.model", "llama");
        writer.AddArray("tokenizer.ggml.tokens", [.. Enumerable.Range(0, Vocabulary).Select(i => FormattableString.Invariant($"t{i}"))]);
        writer.AddArray("tokenizer.ggml.scores", new float[Vocabulary]);
        uint seed = 1;
        foreach (var name in (string[])["blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"])
            Tensor(name + ".weight", CodeFormats.Named("f32"), width);
        foreach (
            var (name, rows) in ((string, int)[])
                [
                    ("token_embd", Vocabulary),
                    ("blk.0.attn_q", width),
                    ("blk.0.attn_k", width / 4),
                    ("blk.0.attn_v", width / 4),
                    ("blk.0.attn_output", width),
                    ("blk.0.ffn_gate", width),
                    ("blk.0.ffn_up", width),
                    ("blk.0.ffn_down", width),
                ]
        )
            Tensor(name + ".weight", type, width, rows);
        return writer;

        void Tensor(string name, CodeFormat format, params long[] sizes) =>
            writer.AddTensor(name, format, sizes, Blocks(format, (int)sizes.Aggregate(1L, (a, b) => a * b), seed++, name, change));
    }

    // Types that can be encoded hold drawn values; of the others blocks are drawn until their weights are small.
    private static byte[] Blocks(CodeFormat type, int count, uint seed, string name, Action<string, float[]>? change)
    {
        var bytes = new byte[type.BytesOf(count)];
        if (type.CanEncode)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
                values[i] = ((SeededTensor.Hash((uint)i, seed) >> 8) / (float)(1 << 23)) - 1;
            change?.Invoke(name, values);
            type.Encode(values, bytes);
            return bytes;
        }

        uint draw = 0;
        Span<float> weights = stackalloc float[type.BlockWeights];
        for (var at = 0; at < bytes.Length; at += type.BlockBytes)
        {
            var block = bytes.AsSpan(at, type.BlockBytes);
            do
            {
                for (var i = 0; i < block.Length; i++)
                    block[i] = (byte)(SeededTensor.Hash(draw++, seed) >> 16);
                type.Decode(block, weights);
            } while (!AllSmall(weights));
        }

        return bytes;
    }

    private static bool AllSmall(ReadOnlySpan<float> weights)
    {
        foreach (var w in weights)
            if (!(MathF.Abs(w) <= 0.5f))
                return false;
        return true;
    }
}
