using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Steps;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>A model of two layers with random weights on a fabric of small banks: cut both ways, two vector clusters, and a feed-forward
/// layer that needs a reduction tree.</summary>
internal static class TinyChip
{
    /// <summary>Tokens of the vocabulary.</summary>
    public const int Vocabulary = 40;

    private const int Width = 32,
        Heads = 2,
        KvHeads = 1,
        HeadSize = 16,
        FeedForward = 48,
        Layers = 2;

    /// <summary>Compiles the model.</summary>
    /// <param name="architecture">Architecture; qwen3 norms its queries and keys.</param>
    /// <param name="weights">Code format of the weights.</param>
    /// <returns>Folder of the chip image.</returns>
    public static string Compile(string architecture = "llama", string weights = "rom4")
    {
        var folder = TemporaryFolder.New();
        var model = Path.Combine(folder, "tiny.gguf");
        Write(model, architecture);
        var fabric = YamlReader.Read<FabricSpec>(
            Shared.InRepo("chips/fabrics/demo.yaml"),
            new Dictionary<string, string>
            {
                ["bank.rows"] = "32",
                ["bank.columns"] = "16",
                ["sites.columns"] = "8",
                ["sites.rows"] = "8",
                ["sites.tile_columns"] = "2",
                ["sites.tile_rows"] = "2",
                ["network.link_bits"] = "128",
                ["network.vector_links"] = "2",
                ["vector.lanes"] = "32",
                ["vector.clusters"] = "2",
                ["kv_sram.banks"] = "8",
                ["kv_sram.capacity_mb"] = "0.02",
            }
        );
        var chip = Path.Combine(folder, "tiny.chip");
        var fit = CompileModel.ToImage(
            model,
            chip,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = weights,
                Compiler = "test",
            }
        );
        return fit.Fits ? chip : throw new InvalidOperationException($"the tiny model does not fit: {fit.Binding.Name}");
    }

    private static void Metadata(GgufWriter writer, string architecture)
    {
        writer.Add("general.architecture", architecture);
        writer.Add("general.name", "tiny");
        writer.Add(architecture + ".context_length", 64u);
        writer.Add(architecture + ".embedding_length", (uint)Width);
        writer.Add(architecture + ".block_count", (uint)Layers);
        writer.Add(architecture + ".feed_forward_length", (uint)FeedForward);
        writer.Add(architecture + ".attention.head_count", (uint)Heads);
        writer.Add(architecture + ".attention.head_count_kv", (uint)KvHeads);
        writer.Add(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add(architecture + ".rope.dimension_count", (uint)HeadSize);
        writer.Add(architecture + ".rope.freq_base", 10000f);
        writer.Add(architecture + ".attention.key_length", (uint)HeadSize);
        writer.Add(architecture + ".attention.value_length", (uint)HeadSize);
        writer.Add(architecture + ".vocab_size", (uint)Vocabulary);
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.AddArray("tokenizer.ggml.tokens", [.. Enumerable.Range(0, Vocabulary).Select(i => ((char)('!' + i)).ToString())]);
        writer.AddArray("tokenizer.ggml.token_type", Enumerable.Repeat(1, Vocabulary).ToArray());
        writer.AddArray("tokenizer.ggml.merges", (string[])[]);
        writer.Add("tokenizer.ggml.bos_token_id", 0u);
        writer.Add("tokenizer.ggml.eos_token_id", 1u);
    }

    private static void Write(string path, string architecture)
    {
        var writer = new GgufWriter();
        Metadata(writer, architecture);
        var random = new Random(7);
        Matrix("token_embd.weight", Width, Vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"blk.{layer}.";
            Norm(at + "attn_norm.weight");
            Matrix(at + "attn_q.weight", Width, Heads * HeadSize);
            Matrix(at + "attn_k.weight", Width, KvHeads * HeadSize);
            Matrix(at + "attn_v.weight", Width, KvHeads * HeadSize);
            if (architecture == "qwen3")
            {
                Tensor(at + "attn_q_norm.weight", [HeadSize], 1, 0.1f);
                Tensor(at + "attn_k_norm.weight", [HeadSize], 1, 0.1f);
            }

            Matrix(at + "attn_output.weight", Heads * HeadSize, Width);
            Norm(at + "ffn_norm.weight");
            Matrix(at + "ffn_gate.weight", Width, FeedForward);
            Matrix(at + "ffn_up.weight", Width, FeedForward);
            Matrix(at + "ffn_down.weight", FeedForward, Width);
        }

        Norm("output_norm.weight");
        Matrix("output.weight", Width, Vocabulary);
        writer.Save(path);

        void Norm(string name) => Tensor(name, [Width], 1, 0.1f);

        void Matrix(string name, int inputs, int outputs) => Tensor(name, [inputs, outputs], 0, 0.4f);

        void Tensor(string name, long[] dimensions, float middle, float spread)
        {
            var values = new float[dimensions.Aggregate(1L, (a, b) => a * b)];
            foreach (ref var value in values.AsSpan())
                value = middle + (spread * ((2 * random.NextSingle()) - 1));
            writer.AddTensor(name, CodeFormats.Named("f32"), dimensions, MemoryMarshal.AsBytes<float>(values).ToArray());
        }
    }
}
