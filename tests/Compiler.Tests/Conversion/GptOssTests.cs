using NUnit.Framework;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>Blocks of MXFP4 experts keep their values: gate rows are the even ones, up rows the odd ones.</summary>
[TestFixture, Category("Compiler")]
public sealed class GptOssTests
{
    private const int Width = 64,
        Inner = 32,
        Experts = 2;

    // Values of the codes (E2M1).
    private static readonly double[] Codes = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6];

    [Test]
    public void Blocks_keep_their_values_in_the_other_order()
    {
        var random = new Random(7);
        var gateUp = Bytes(random, Experts * 2 * Inner * (Width / 32) * 16);
        var gateUpScales = Bytes(random, Experts * 2 * Inner * (Width / 32), 120, 130);
        var down = Bytes(random, Experts * Width * (Inner / 32) * 16);
        var downScales = Bytes(random, Experts * Width * (Inner / 32), 120, 130);
        using var folder = new TinyFolder("GptOssForCausalLM");
        Configure(folder);
        const string Layer = "model.layers.0.mlp.experts.";
        folder.Weights = SafetensorsBytes.Join(
            SafetensorsBytes.Of(Dense),
            (Layer + "gate_up_proj_blocks", [Experts, 2 * Inner, Width / 32, 16], gateUp),
            (Layer + "gate_up_proj_scales", [Experts, 2 * Inner, Width / 32], gateUpScales),
            (Layer + "down_proj_blocks", [Experts, Width, Inner / 32, 16], down),
            (Layer + "down_proj_scales", [Experts, Width, Inner / 32], downScales)
        );
        ConvertFolder.Write(folder.Written(), folder.Target, new ConvertOptions { Type = "f32" });
        using var file = GgufFile.Open(folder.Target);
        // Expert 1, row 3 of gate and up are rows 2·3 and 2·3 + 1 of the source.
        const int Row = Inner + 3;
        Assert.Multiple(() =>
        {
            Assert.That(Decoded(file, "blk.0.ffn_gate_exps.weight", Row), Is.EqualTo(Source(gateUp, gateUpScales, 2 * Row, Width)));
            Assert.That(Decoded(file, "blk.0.ffn_up_exps.weight", Row), Is.EqualTo(Source(gateUp, gateUpScales, (2 * Row) + 1, Width)));
            Assert.That(Decoded(file, "blk.0.ffn_down_exps.weight", Width + 5), Is.EqualTo(Source(down, downScales, Width + 5, Inner)));
            Assert.That(file.Metadata.Get<uint>("general.file_type"), Is.EqualTo(38));
            // Tensor 14 holds the biases of gate and up, its value i being 14 + i / 64.
            Assert.That(Decoded(file, "blk.0.ffn_up_exps.bias", 1)[0], Is.EqualTo(14 + ((2 * Inner) + 1) / 64f));
        });
    }

    private static (string Name, long[] Shape)[] Dense =>
        [
            ("model.embed_tokens.weight", [TinyFolder.Tokens, Width]),
            ("lm_head.weight", [TinyFolder.Tokens, Width]),
            ("model.norm.weight", [Width]),
            ("model.layers.0.input_layernorm.weight", [Width]),
            ("model.layers.0.post_attention_layernorm.weight", [Width]),
            ("model.layers.0.self_attn.q_proj.weight", [Width, Width]),
            ("model.layers.0.self_attn.k_proj.weight", [Width / 2, Width]),
            ("model.layers.0.self_attn.v_proj.weight", [Width / 2, Width]),
            ("model.layers.0.self_attn.o_proj.weight", [Width, Width]),
            ("model.layers.0.self_attn.q_proj.bias", [Width]),
            ("model.layers.0.self_attn.k_proj.bias", [Width / 2]),
            ("model.layers.0.self_attn.v_proj.bias", [Width / 2]),
            ("model.layers.0.self_attn.o_proj.bias", [Width]),
            ("model.layers.0.self_attn.sinks", [2]),
            ("model.layers.0.mlp.experts.gate_up_proj_bias", [Experts, 2 * Inner]),
            ("model.layers.0.mlp.experts.down_proj_bias", [Experts, Width]),
            ("model.layers.0.mlp.router.weight", [Experts, Width]),
            ("model.layers.0.mlp.router.bias", [Experts]),
        ];

    private static void Configure(TinyFolder folder)
    {
        foreach (
            var (key, value) in new[]
            {
                ("hidden_size", Width),
                ("intermediate_size", Inner),
                ("head_dim", Width / 2),
                ("num_local_experts", Experts),
                ("num_experts_per_tok", 1),
                ("sliding_window", 16),
            }
        )
            folder.Config[key] = value;
        folder.Config["quantization_config"] = System.Text.Json.Nodes.JsonNode.Parse("""{"quant_method":"mxfp4"}""");
    }

    private static byte[] Bytes(Random random, int count, int low = 0, int high = 256) =>
        [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(low, high))];

    private static float[] Decoded(GgufFile file, string name, long row)
    {
        Assert.That(file.TryGetTensor(name, out var tensor), Is.True, name);
        var values = new float[tensor!.RowLength];
        tensor.DecodeRow(row, values);
        return values;
    }

    // Value 2i of a block is the low half of byte i, value 2i + 1 the high half, times 2^(scale − 127).
    private static IEnumerable<float> Source(byte[] blocks, byte[] scales, int row, int width) =>
        Enumerable
            .Range(0, width)
            .Select(i =>
            {
                var block = (row * (width / 32)) + (i / 32);
                var code = (blocks[(block * 16) + (i % 32 / 2)] >> (i % 2 * 4)) & 15;
                return (float)(Codes[code] * Math.Pow(2, scales[block] - 127));
            });
}
