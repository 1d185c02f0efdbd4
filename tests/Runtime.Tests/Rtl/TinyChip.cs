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

    /// <summary>Compiles the model.</summary>
    /// <param name="architecture">Architecture; qwen3 norms its queries and keys.</param>
    /// <param name="weights">Code format of the weights.</param>
    /// <param name="sizes">Sizes of the model; null for the usual ones.</param>
    /// <param name="changes">Keys of the fabric that differ from the tiny fabric.</param>
    /// <returns>Folder of the chip image.</returns>
    public static string Compile(
        string architecture = "llama",
        string weights = "rom4",
        TinySizes? sizes = null,
        params ReadOnlySpan<(string Key, string Value)> changes
    )
    {
        var folder = TemporaryFolder.New();
        var model = Path.Combine(folder, "tiny.gguf");
        Write(model, architecture, sizes ?? new TinySizes());
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"), Overrides(changes));
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

    private static Dictionary<string, string> Overrides(ReadOnlySpan<(string Key, string Value)> changes)
    {
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal)
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
        };
        foreach (var (key, value) in changes)
            overrides[key] = value;
        return overrides;
    }

    private static void Metadata(GgufWriter writer, string architecture, TinySizes sizes)
    {
        writer.Add("general.architecture", architecture);
        writer.Add("general.name", "tiny");
        writer.Add(architecture + ".context_length", 64u);
        writer.Add(architecture + ".embedding_length", (uint)sizes.Width);
        writer.Add(architecture + ".block_count", (uint)sizes.Layers);
        writer.Add(architecture + ".feed_forward_length", (uint)sizes.FeedForward);
        writer.Add(architecture + ".attention.head_count", (uint)sizes.Heads);
        writer.Add(architecture + ".attention.head_count_kv", (uint)sizes.KvHeads);
        writer.Add(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add(architecture + ".rope.dimension_count", (uint)sizes.HeadSize);
        writer.Add(architecture + ".rope.freq_base", 10000f);
        writer.Add(architecture + ".attention.key_length", (uint)sizes.HeadSize);
        writer.Add(architecture + ".attention.value_length", (uint)sizes.HeadSize);
        writer.Add(architecture + ".vocab_size", (uint)Vocabulary);
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.AddArray("tokenizer.ggml.tokens", [.. Enumerable.Range(0, Vocabulary).Select(i => ((char)('!' + i)).ToString())]);
        writer.AddArray("tokenizer.ggml.token_type", Enumerable.Repeat(1, Vocabulary).ToArray());
        writer.AddArray("tokenizer.ggml.merges", (string[])[]);
        writer.Add("tokenizer.ggml.bos_token_id", 0u);
        writer.Add("tokenizer.ggml.eos_token_id", 1u);
    }

    private static void Write(string path, string architecture, TinySizes sizes)
    {
        var writer = new GgufWriter();
        Metadata(writer, architecture, sizes);
        var random = new Random(7);
        Matrix("token_embd.weight", sizes.Width, Vocabulary);
        for (var layer = 0; layer < sizes.Layers; layer++)
        {
            var at = $"blk.{layer}.";
            Norm(at + "attn_norm.weight");
            Matrix(at + "attn_q.weight", sizes.Width, sizes.Heads * sizes.HeadSize);
            Matrix(at + "attn_k.weight", sizes.Width, sizes.KvHeads * sizes.HeadSize);
            Matrix(at + "attn_v.weight", sizes.Width, sizes.KvHeads * sizes.HeadSize);
            if (architecture == "qwen3")
            {
                Tensor(at + "attn_q_norm.weight", [sizes.HeadSize], 1, 0.1f);
                Tensor(at + "attn_k_norm.weight", [sizes.HeadSize], 1, 0.1f);
            }

            Matrix(at + "attn_output.weight", sizes.Heads * sizes.HeadSize, sizes.Width);
            Norm(at + "ffn_norm.weight");
            Matrix(at + "ffn_gate.weight", sizes.Width, sizes.FeedForward);
            Matrix(at + "ffn_up.weight", sizes.Width, sizes.FeedForward);
            Matrix(at + "ffn_down.weight", sizes.FeedForward, sizes.Width);
        }

        Norm("output_norm.weight");
        Matrix("output.weight", sizes.Width, Vocabulary);
        writer.Save(path);

        void Norm(string name) => Tensor(name, [sizes.Width], 1, 0.1f);

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
