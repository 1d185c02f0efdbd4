using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Adapters;

/// <summary>Adapters are checked against their model; every kind of misfit is one line.</summary>
[TestFixture, Category("Compiler")]
public sealed class LoraAdapterTests
{
    private readonly TemporaryFolder _folder = new();
    private GgufFile _model = null!;

    [OneTimeSetUp]
    public void WriteModel()
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.AddTensor("token_embd.weight", CodeFormats.Named("f32"), [4, 6], new byte[4 * 24]);
        writer.AddTensor("blk.0.attn_q.weight", CodeFormats.Named("f32"), [4, 3], new byte[4 * 12]);
        writer.AddTensor("blk.0.ffn_down_exps.weight", CodeFormats.Named("f32"), [4, 3, 2], new byte[4 * 24]);
        writer.AddTensor("blk.0.attn_norm.weight", CodeFormats.Named("f32"), [4], new byte[16]);
        writer.AddTensor("blk.0.attn_norm.scale", CodeFormats.Named("f32"), [4], new byte[16]);
        writer.Save(_folder.File("model.gguf"));
        _model = GgufFile.Open(_folder.File("model.gguf"));
    }

    [OneTimeTearDown]
    public void RemoveFolder()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Rows_gain_the_scaled_product_of_b_and_a()
    {
        // A is 2 × 4, B is 3 × 2: row 1 of B A is 3·(1, 2, 3, 4) + 4·(5, 6, 7, 8); alpha 4 over rank 2 times 0.5 is 1.
        using var adapter = Open(
            w =>
            {
                Tensor(w, "blk.0.attn_q.weight.lora_a", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8);
                Tensor(w, "blk.0.attn_q.weight.lora_b", [2, 3], 1, 2, 3, 4, 5, 6);
            },
            alpha: 4,
            scale: 0.5f
        );
        var row = new float[] { 100, 0, 0, 0 };
        adapter.Pairs.Single().AddTo(1, row);
        Assert.That(row, Is.EqualTo(new float[] { 100 + 23, 30, 37, 44 }));
    }

    [Test]
    public void Experts_have_pairs_of_their_own()
    {
        using var adapter = Open(w =>
        {
            Tensor(w, "blk.0.ffn_down_exps.weight.lora_a", [4, 1, 2], 1, 2, 3, 4, 5, 6, 7, 8);
            Tensor(w, "blk.0.ffn_down_exps.weight.lora_b", [1, 3, 2], 1, 10, 100, 2, 20, 200);
        });
        var row = new float[4];
        adapter.Pairs.Single().AddTo(3 + 1, row); // second expert, output 1
        Assert.That(row, Is.EqualTo(new float[] { 100, 120, 140, 160 }));
    }

    [Test]
    public void Pair_of_the_embedding_is_stored_the_other_way_round()
    {
        using var adapter = Open(w =>
        {
            Tensor(w, "token_embd.weight.lora_a", [2, 6], 0, 0, 1, 10, 0, 0, 0, 0, 0, 0, 0, 0);
            Tensor(w, "token_embd.weight.lora_b", [2, 4], 1, 2, 3, 4, 5, 6, 7, 8);
        });
        var row = new float[4];
        adapter.Pairs.Single().AddTo(1, row);
        Assert.That(row, Is.EqualTo(new float[] { 21, 43, 65, 87 }));
    }

    [Test]
    public void Alpha_of_zero_leaves_the_users_scale() => Assert.That(ScaleOf(alpha: 0, scale: 3), Is.EqualTo(3));

    [Test]
    public void Alpha_is_divided_by_the_rank() => Assert.That(ScaleOf(alpha: 16, scale: 3), Is.EqualTo(24));

    [Test]
    public void Norms_in_an_adapter_are_passed_over()
    {
        using var adapter = Open(w =>
        {
            Good(w);
            Tensor(w, "blk.0.attn_norm.weight", [4], 1, 2, 3, 4);
        });
        Assert.That(adapter.Pairs, Has.Count.EqualTo(1));
    }

    [TestCase("type", "key general.type: expected 'adapter', found 'model'")]
    [TestCase("no type", "key general.type: expected 'adapter', found nothing")]
    [TestCase("kind", "key adapter.type: expected 'lora', found 'control'")]
    [TestCase("architecture", "key general.architecture: expected 'llama', found 'qwen2'")]
    [TestCase("alpha type", "key 'adapter.lora.alpha': expected f32, found u32")]
    [TestCase("alpha", "key adapter.lora.alpha: expected a finite number")]
    [TestCase("alora", "activated LoRA")]
    [TestCase("empty", "holds no pair")]
    [TestCase("suffix", "'blk.0.attn_q.weight.lora_c' is neither .lora_a nor .lora_b")]
    [TestCase("no b", "'blk.0.attn_q.weight' has no .lora_b")]
    [TestCase("no a", "'blk.0.attn_q.weight' has no .lora_a")]
    [TestCase("unknown", "'blk.9.attn_q.weight' does not exist")]
    [TestCase("inputs", "expected lora_a of {4, 2, 1}, found {5, 2}")]
    [TestCase("outputs", "expected lora_b of {2, 3, 1}, found {2, 4}")]
    [TestCase("rank", "expected lora_a of {4, 2, 1}, found {4, 3}")]
    [TestCase("transposed", "expected lora_a of {4, 2, 1}, found {2, 4}")]
    [TestCase("zero rank", "expected a rank from 1, found 0")]
    [TestCase("vector", "is not a matrix")]
    [TestCase("experts", "expected lora_b of {2, 3, 2}, found {2, 3}")]
    [TestCase("embedding", "expected lora_b of {2, 4, 1}, found {2, 6}")]
    [TestCase("nan", "holds a value that is not finite")]
    public void Misfits_are_refused_in_one_line(string misfit, string expected)
    {
        var fault = Assert.Throws<InputException>(() => Misfit(misfit).Dispose())!;
        Assert.That(
            fault.Message,
            Does.Contain(expected).And.Contain(_folder.File("adapter.gguf")).And.Not.Contains('\n').And.Contain("; ")
        );
    }

    [TestCase("a.gguf", "a.gguf", 1f)]
    [TestCase("a.gguf:0.5", "a.gguf", 0.5f)]
    [TestCase("c:/a.gguf:-2", "c:/a.gguf", -2f)]
    [TestCase("c:/a.gguf", "c:/a.gguf", 1f)]
    public void Scale_stands_behind_the_last_colon(string text, string path, float scale) =>
        Assert.That(AdapterFile.Parse(text), Is.EqualTo(new AdapterFile(path, scale)));

    [Test]
    public void Scale_must_be_finite() => Assert.That(() => AdapterFile.Parse("a.gguf:NaN"), Throws.TypeOf<InputException>());

    private LoraAdapter Misfit(string misfit)
    {
        const string q = "blk.0.attn_q.weight";
        return misfit switch
        {
            "type" => Open(Good, type: "model"),
            "no type" => Open(Good, type: null),
            "kind" => Open(Good, kind: "control"),
            "architecture" => Open(Good, architecture: "qwen2"),
            "alpha type" => Open(Good, alpha: null, keys: w => w.Add("adapter.lora.alpha", 8u)),
            "alpha" => Open(Good, alpha: float.NaN),
            "alora" => Open(Good, keys: w => w.AddArray("adapter.alora.invocation_tokens", new uint[] { 1, 2 })),
            "empty" => Open(_ => { }),
            "suffix" => Open(w => Tensor(w, q + ".lora_c", [4, 2], new float[8])),
            "no b" => Open(w => Tensor(w, q + ".lora_a", [4, 2], new float[8])),
            "no a" => Open(w => Tensor(w, q + ".lora_b", [2, 3], new float[6])),
            "unknown" => Open(w => Pair(w, "blk.9.attn_q.weight", [4, 2], [2, 3])),
            "inputs" => Open(w => Pair(w, q, [5, 2], [2, 3])),
            "outputs" => Open(w => Pair(w, q, [4, 2], [2, 4])),
            "rank" => Open(w => Pair(w, q, [4, 3], [2, 3])),
            "transposed" => Open(w => Pair(w, q, [2, 4], [2, 3])),
            "zero rank" => Open(w => Pair(w, q, [4, 0], [0, 3])),
            "vector" => Open(w => Pair(w, "blk.0.attn_norm.scale", [4, 2], [2, 1])),
            "experts" => Open(w => Pair(w, "blk.0.ffn_down_exps.weight", [4, 2], [2, 3])),
            "embedding" => Open(w => Pair(w, "token_embd.weight", [2, 4], [2, 6])),
            "nan" => Open(w =>
            {
                Tensor(w, q + ".lora_a", [4, 1], 0, float.NaN, 0, 0);
                Tensor(w, q + ".lora_b", [1, 3], 0, 0, 0);
            }),
            _ => throw new ArgumentOutOfRangeException(nameof(misfit)),
        };
    }

    private float ScaleOf(float alpha, float scale)
    {
        using var adapter = Open(Good, alpha: alpha, scale: scale);
        return adapter.Pairs.Single().Scale;
    }

    private LoraAdapter Open(
        Action<GgufWriter> tensors,
        string? type = "adapter",
        string kind = "lora",
        string architecture = "llama",
        float? alpha = 0,
        float scale = 1,
        Action<GgufWriter>? keys = null
    )
    {
        var writer = new GgufWriter();
        if (type is not null)
            writer.Add("general.type", type);
        writer.Add("general.architecture", architecture);
        writer.Add("adapter.type", kind);
        if (alpha is { } value)
            writer.Add("adapter.lora.alpha", value);
        keys?.Invoke(writer);
        tensors(writer);
        writer.Save(_folder.File("adapter.gguf"));
        return LoraAdapter.Open(new AdapterFile(_folder.File("adapter.gguf"), scale), _model);
    }

    private static void Good(GgufWriter writer) => Pair(writer, "blk.0.attn_q.weight", [4, 2], [2, 3]);

    private static void Pair(GgufWriter writer, string name, long[] a, long[] b)
    {
        Tensor(writer, name + ".lora_a", a, new float[a[0] * a[1]]);
        Tensor(writer, name + ".lora_b", b, new float[b[0] * b[1]]);
    }

    private static void Tensor(GgufWriter writer, string name, long[] sizes, params float[] values) =>
        writer.AddTensor(
            name,
            CodeFormats.Named("f32"),
            sizes,
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray()
        );
}
