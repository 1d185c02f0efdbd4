using System.Buffers.Binary;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Tests.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Import;

/// <summary>A well-formed GGUF that is no model, and models, adapters and splits whose bytes were changed: one line, or a model.</summary>
[TestFixture, Category("Compiler")]
public sealed class ModelErrorTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void The_small_model_is_a_model()
    {
        using var model = ImportedModel.Open(Write("good", []));
        Assert.That(
            TokenizerFromGguf.Read(model.File)!.NamedChatTemplates,
            Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["tool_use"] = "{{ tools }}" })
        );
    }

    [TestCase("no architecture", "general.architecture")]
    [TestCase("unknown architecture", "architecture 'mamba' is not supported")]
    [TestCase("architecture type", "general.architecture")]
    [TestCase("no head_count", "llama.attention.head_count")]
    [TestCase("head_count 0", "llama.attention.head_count")]
    [TestCase("head_count_kv", "a divisor of head_count 2")]
    [TestCase("block_count 513", "llama.block_count")]
    [TestCase("block_count 2", "tensor blk.1.attn_q.weight (8×8) is missing")]
    [TestCase("embedding_length type", "llama.embedding_length")]
    [TestCase("epsilon missing", "llama.attention.layer_norm_rms_epsilon")]
    [TestCase("epsilon nan", "llama.attention.layer_norm_rms_epsilon")]
    [TestCase("epsilon huge", "model error: norm_epsilon 1000000015047470000000000000000 must lie in 0 … 1")]
    [TestCase("base negative", "model error: rope_base -10000 must lie in 0 …")]
    [TestCase("tensor type", "tensor blk.0.ffn_down.weight: its type I32 holds no weights")]
    [TestCase("norm type", "tensor output_norm.weight: its type I32 holds no weights")]
    [TestCase("rope odd", "llama.rope.dimension_count")]
    [TestCase("tensor missing", "tensor blk.0.ffn_up.weight (8×16) is missing")]
    [TestCase("tensor shape", "tensor blk.0.ffn_up.weight: expected 8×16, found 16×8")]
    [TestCase("norm shape", "tensor output_norm.weight: expected 8 values, found 9")]
    [TestCase("no embedding", "token_embd.weight is missing")]
    [TestCase("tokens", "tokenizer.ggml.tokens: expected 4 tokens")]
    [TestCase("scores", "3 scores for 4 tokens")]
    [TestCase("token types", "5 types for 4 tokens")]
    [TestCase("no merges", "tokenizer.ggml.merges: missing")]
    [TestCase("tokenizer kind", "tokenizer")]
    [TestCase("long token", "at most")]
    public void Model_errors_name_the_key_or_tensor(string name, string expected)
    {
        var path = Write("bad", [name]);
        var fault = Assert.Throws<InputException>(() =>
        {
            using var model = ImportedModel.Open(path);
            TextTokenizer.Create(TokenizerFromGguf.Read(model.File)!);
        })!;
        Assert.That(fault.Message, Does.Contain(expected).And.Not.Contains('\n').And.Length.LessThan(2000));
    }

    [Test]
    public void Mutated_goldens_are_refused_or_models()
    {
        string[] models = [.. GgufGoldenTests.Models()];
        var mutations = Shared.All ? 10_000 : 600;
        var random = new Random(20261123);
        var refused = 0;
        const int PerModel = 25;
        for (var done = 0; done < mutations; done += PerModel)
        {
            var bytes = File.ReadAllBytes(Shared.Path($"golden/{models[done / PerModel % models.Length]}"));
            refused += Mutations(bytes, PerModel, random, path =>
            {
                using var model = ImportedModel.Open(path);
                if (TokenizerFromGguf.Read(model.File) is { } tokenizer)
                    TextTokenizer.Create(tokenizer).Encode("Once upon a time", addSpecial: true, parseSpecial: true);
            });
        }
        Assert.That(refused, Is.InRange(mutations / 10, mutations - 1), "both ends are reached");
    }

    [Test]
    public void Mutated_adapters_are_refused_or_adapters()
    {
        using var model = GgufFile.Open(Write("base", []));
        var writer = new GgufWriter();
        writer.Add("general.type", "adapter");
        writer.Add("general.architecture", "llama");
        writer.Add("adapter.type", "lora");
        writer.Add("adapter.lora.alpha", 8f);
        foreach (var (tensor, inputs, outputs) in new[] { ("blk.0.attn_q.weight", 8, 8), ("blk.0.ffn_up.weight", 8, 16) })
        {
            writer.AddTensor(tensor + ".lora_a", CodeFormats.Named("f32"), [inputs, 2], new byte[4 * inputs * 2]);
            writer.AddTensor(tensor + ".lora_b", CodeFormats.Named("f32"), [2, outputs], new byte[4 * outputs * 2]);
        }
        var path = _folder.File("adapter.gguf");
        writer.Save(path);
        var mutations = Shared.All ? 10_000 : 2_000;
        var refused = Mutations(File.ReadAllBytes(path), mutations, new Random(7), mutated =>
            LoraAdapter.Open(new AdapterFile(mutated, 1), model).Dispose()
        );
        Assert.That(refused, Is.InRange(mutations / 10, mutations - 1));
    }

    [Test]
    public void Mutated_parts_of_a_split_are_refused_or_models()
    {
        for (ushort part = 0; part < 2; part++)
        {
            var writer = new GgufWriter();
            if (part == 0)
                writer.Add("general.architecture", "llama");
            writer.Add("split.no", part);
            writer.Add("split.count", (ushort)2);
            writer.Add("split.tensors.count", 2);
            writer.AddTensor($"t{part}", CodeFormats.Named("f32"), [8, 2], new byte[64]);
            writer.Save(_folder.File($"cut-0000{part + 1}-of-00002.gguf"));
        }
        var first = _folder.File("cut-00001-of-00002.gguf");
        var mutations = Shared.All ? 5_000 : 1_000;
        foreach (var part in new[] { first, _folder.File("cut-00002-of-00002.gguf") })
        {
            var bytes = File.ReadAllBytes(part);
            var refused = Mutations(bytes, mutations, new Random(9), _ => GgufFile.Open(first).Dispose(), part);
            Assert.That(refused, Is.InRange(mutations / 10, mutations - 1), part);
            File.WriteAllBytes(part, bytes);
        }
    }

    /// <summary>Changes one to three places, opens, counts what was refused; anything but an <see cref="InputException"/> of one line fails
    /// the test.</summary>
    private int Mutations(byte[] good, int count, Random random, Action<string> open, string? path = null)
    {
        var target = path ?? _folder.File("mutated.gguf");
        var header = Math.Min(good.Length, 40_000);
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var places = random.Next(1, 4); places > 0; places--)
            {
                var at = random.Next(3) == 0 ? random.Next(Math.Min(header, 1500)) : random.Next(header);
                if (random.Next(2) == 0 || at + 8 > bytes.Length)
                    bytes[at] = (byte)random.Next(256);
                else
                    BinaryPrimitives.WriteInt32LittleEndian(
                        bytes.AsSpan(at),
                        random.Next(4) switch
                        {
                            0 => -1,
                            1 => 0,
                            2 => int.MaxValue,
                            _ => random.Next(),
                        }
                    );
            }
            // A fresh file, so that no mapping of the one before is cut.
            File.Delete(target);
            File.WriteAllBytes(target, random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                open(target);
            }
            catch (InputException fault)
            {
                refused++;
                Assert.That(fault.Message, Does.Not.Contain("\n").And.Length.LessThan(6000));
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((32L << 20) + (64L * good.Length)), "memory");
        }
        return refused;
    }

    /// <summary>A llama of one layer, 8 wide, with four tokens; the named faults are built in.</summary>
    private string Write(string name, string[] faults)
    {
        bool Has(string fault) => faults.Contains(fault, StringComparer.Ordinal);
        var writer = new GgufWriter();
        if (Has("architecture type"))
            writer.Add("general.architecture", 5u);
        else if (!Has("no architecture"))
            writer.Add("general.architecture", Has("unknown architecture") ? "mamba" : "llama");
        writer.Add(
            "llama.block_count",
            Has("block_count 513") ? 513u
                : Has("block_count 2") ? 2u
                : 1u
        );
        writer.Add("llama.context_length", 64u);
        if (Has("embedding_length type"))
            writer.Add("llama.embedding_length", "8");
        else
            writer.Add("llama.embedding_length", 8u);
        writer.Add("llama.feed_forward_length", 16u);
        if (!Has("no head_count"))
            writer.Add("llama.attention.head_count", Has("head_count 0") ? 0u : 2u);
        if (Has("head_count_kv"))
            writer.Add("llama.attention.head_count_kv", 3u);
        if (!Has("epsilon missing"))
            writer.Add("llama.attention.layer_norm_rms_epsilon", Has("epsilon nan") ? float.NaN : Has("epsilon huge") ? 1e30f : 1e-5f);
        if (Has("base negative"))
            writer.Add("llama.rope.freq_base", -10000f);
        writer.Add("llama.rope.dimension_count", Has("rope odd") ? 3u : 4u);
        AddTokenizer(writer, Has);

        const int I32 = 26;
        var whole =
            Has("tensor type") ? "blk.0.ffn_down.weight"
            : Has("norm type") ? "output_norm.weight"
            : "";
        void Tensor(string tensor, params long[] sizes) =>
            writer.AddTensor(
                tensor,
                tensor == whole ? CodeFormats.FindGgml(I32)! : CodeFormats.Named("f32"),
                sizes,
                new byte[4 * sizes.Aggregate(1L, (a, b) => a * b)]
            );
        if (!Has("no embedding"))
            Tensor("token_embd.weight", 8, 4);
        foreach (var norm in new[] { "attn_norm", "ffn_norm" })
            Tensor($"blk.0.{norm}.weight", 8);
        Tensor("output_norm.weight", Has("norm shape") ? 9 : 8);
        foreach (var matrix in new[] { "attn_q", "attn_k", "attn_v", "attn_output" })
            Tensor($"blk.0.{matrix}.weight", 8, 8);
        Tensor("blk.0.ffn_gate.weight", 8, 16);
        if (Has("tensor shape"))
            Tensor("blk.0.ffn_up.weight", 16, 8);
        else if (!Has("tensor missing"))
            Tensor("blk.0.ffn_up.weight", 8, 16);
        Tensor("blk.0.ffn_down.weight", 16, 8);
        var path = _folder.File($"{name}.gguf");
        writer.Save(path);
        return path;
    }

    private static void AddTokenizer(GgufWriter writer, Func<string, bool> has)
    {
        writer.Add("tokenizer.chat_template.tool_use", "{{ tools }}");
        writer.Add(
            "tokenizer.ggml.model",
            has("no merges") ? "gpt2"
                : has("tokenizer kind") ? "abacus"
                : "llama"
        );
        if (has("no merges"))
            writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.AddArray(
            "tokenizer.ggml.tokens",
            has("tokens")
                ? ["<unk>", "<s>", "</s>"]
                : (IReadOnlyList<string>)["<unk>", "<s>", "</s>", has("long token") ? new string('x', 1 << 17) : "a"]
        );
        writer.AddArray("tokenizer.ggml.scores", new float[has("scores") || has("tokens") ? 3 : 4]);
        writer.AddArray(
            "tokenizer.ggml.token_type",
            has("token types") ? [2, 3, 3, 1, 1]
                : has("tokens") ? [2, 3, 3]
                : new[] { 2, 3, 3, 1 }
        );
    }
}
