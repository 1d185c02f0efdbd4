using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>PEFT adapters add the same product as their own arithmetic, with rows where the converted model has them.</summary>
[TestFixture, Category("Compiler")]
public sealed class ConvertAdapterTests
{
    private const string Layer = "base_model.model.model.layers.0.";
    private const string Plain = """{"peft_type":"LORA","lora_alpha":4,"r":2,"bias":"none"}""";

    private static readonly (string, long[])[] Query =
    [
        (Layer + "self_attn.q_proj.lora_A.weight", [2, 8]),
        (Layer + "self_attn.q_proj.lora_B.weight", [8, 2]),
        (Layer + "mlp.down_proj.lora_A.weight", [2, 12]),
        (Layer + "mlp.down_proj.lora_B.weight", [8, 2]),
    ];

    [TestCase(Plain, 4.0 / 2)]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"r":2,"use_rslora":true}""", 2.8284271247461903)]
    public void Adapter_adds_its_product_to_permuted_rows(string config, double scale)
    {
        using var model = Model();
        using var adapter = Converted(model, config, Query);
        var pair = adapter.Pairs.Single(p => p.Tensor == "blk.0.attn_q.weight");
        var down = adapter.Pairs.Single(p => p.Tensor == "blk.0.ffn_down.weight");
        Assert.Multiple(() =>
        {
            // Row 1 of the converted queries was row 2 (ConvertFolderTests).
            Assert.That(Row(pair, 1, 8), Is.EqualTo(Product(0, 2, 8, scale)).Within(1e-4));
            Assert.That(Row(down, 1, 12), Is.EqualTo(Product(2, 1, 12, scale)).Within(1e-4));
        });
    }

    [Test]
    public void Adapter_of_the_embedding_is_turned_round()
    {
        using var model = Model();
        (string, long[])[] tensors =
        [
            ("base_model.model.model.embed_tokens.lora_embedding_A", [2, TinyFolder.Tokens]),
            ("base_model.model.model.embed_tokens.lora_embedding_B", [8, 2]),
        ];
        using var adapter = Converted(model, Plain, tensors);
        var row = new float[8];
        adapter.Pairs.Single().AddTo(3, row);
        // Value i of tensor n is n + i / 64: A[k, 3] is (260 k + 3) / 64, B[j, k] is 1 + (2 j + k) / 64.
        double A(int k) => ((TinyFolder.Tokens * k) + 3) / 64.0;
        double B(int j, int k) => 1 + (((2 * j) + k) / 64.0);
        Assert.That(row, Is.EqualTo(Enumerable.Range(0, 8).Select(j => 2 * ((A(0) * B(j, 0)) + (A(1) * B(j, 1))))).Within(1e-4));
    }

    [TestCase("{}", "'peft_type'")]
    [TestCase("""{"peft_type":"IA3"}""", "'peft_type'")]
    [TestCase("""{"peft_type":"LORA"}""", "'lora_alpha'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":"4"}""", "'lora_alpha'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"use_dora":true}""", "'use_dora'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"fan_in_fan_out":true}""", "'fan_in_fan_out'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"modules_to_save":["lm_head"]}""", "'modules_to_save'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"alpha_pattern":{"q_proj":8}}""", "'alpha_pattern'")]
    [TestCase("""{"peft_type":"LORA","lora_alpha":4,"bias":"all"}""", "'bias'")]
    [TestCase("[]", "expected a JSON object")]
    public void Other_forms_are_refused_in_one_line(string config, string what)
    {
        using var model = Model();
        Refuses(() => Converted(model, config, Query), what);
    }

    [TestCase(Layer + "self_attn.q_proj.weight", "is no lora_A or lora_B")]
    [TestCase(Layer + "self_attn.x_proj.lora_A.weight", "has no matrix")]
    [TestCase("base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight", "has no matrix")]
    [TestCase("model.layers.0.self_attn.q_proj.lora_A.weight", "mean the same matrix")]
    [TestCase(Layer + "self_attn.v_proj.lora_A.weight", "has no .lora_b")]
    public void Tensors_that_do_not_fit_are_refused_in_one_line(string name, string what)
    {
        using var model = Model();
        Refuses(() => Converted(model, Plain, [.. Query, (name, [2, 8])]), what);
    }

    private static void Refuses(Func<LoraAdapter> open, string what)
    {
        var fault = Assert.Throws<InputException>(() => open().Dispose())!;
        Assert.That(fault.Message, Does.Contain(what).And.Not.Contain("\n"));
    }

    private static GgufFile Model()
    {
        var folder = new TinyFolder();
        ConvertFolder.Write(folder.Written(), folder.Target, new ConvertOptions { Type = "f32" });
        return GgufFile.Open(folder.Target);
    }

    private static LoraAdapter Converted(GgufFile model, string config, (string, long[])[] tensors)
    {
        var folder = TemporaryFolder.New();
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config);
        File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"), SafetensorsBytes.Of(tensors));
        var target = Path.Combine(folder, "adapter.gguf");
        ConvertAdapter.Write(folder, model, target);
        return LoraAdapter.Open(new AdapterFile(target, 1), model);
    }

    private static float[] Row(LoraPair pair, long row, int width)
    {
        var values = new float[width];
        pair.AddTo(row, values);
        return values;
    }

    // scale · Σ B[row, k] A[k, i], A being tensor `first` and B the next.
    private static IEnumerable<double> Product(int first, int row, int width, double scale) =>
        Enumerable
            .Range(0, width)
            .Select(i =>
                scale * Enumerable.Range(0, 2).Sum(k => (first + (((k * width) + i) / 64.0)) * (first + 1 + (((row * 2) + k) / 64.0)))
            );
}
