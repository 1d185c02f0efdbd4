using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Steps;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>A model of one layer and 20 tokens with random weights, whose chip Verilator builds in seconds.</summary>
internal static class TinyModel
{
    private const int Width = 32,
        HeadSize = 16,
        FeedForward = 32,
        Vocabulary = 20;

    /// <summary>Token that opens a user's turn; BOS and EOS follow it.</summary>
    public const int User = 17,
        Bos = 18,
        Eos = 19;

    /// <summary>Folder of its chip image, compiled once.</summary>
    public static string SharedChip => Compiled.Value;

    private static readonly Lazy<string> Compiled = new(() => Chip());

    /// <summary>Compiles it for a fabric of small banks.</summary>
    /// <param name="addMetadata">Adds what else the model says of itself.</param>
    /// <returns>Folder of the chip image.</returns>
    public static string Chip(Action<GgufWriter>? addMetadata = null)
    {
        var folder = TemporaryFolder.New();
        var (model, chip) = (Path.Combine(folder, "tiny.gguf"), Path.Combine(folder, "tiny.chip"));
        Write(model, addMetadata);
        var fabric = YamlReader.Read<FabricSpec>(
            Shared.InRepo("chips/fabrics/demo.yaml"),
            new Dictionary<string, string>
            {
                ["bank.rows"] = "32",
                ["bank.columns"] = "32",
                ["sites.columns"] = "4",
                ["sites.rows"] = "4",
                ["sites.tile_columns"] = "2",
                ["sites.tile_rows"] = "2",
                ["network.link_bits"] = "128",
                ["network.vector_links"] = "2",
                ["vector.lanes"] = "32",
                ["vector.clusters"] = "1",
                ["kv_sram.banks"] = "4",
                ["kv_sram.capacity_mb"] = "0.01",
            }
        );
        var fit = CompileModel.ToImage(
            model,
            chip,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = "rom3",
                Compiler = "test",
            }
        );
        return fit.Fits ? chip : throw new InvalidOperationException($"the tiny model does not fit: {fit.Binding.Name}");
    }

    /// <summary>Writes the model file.</summary>
    public static void Write(string path, Action<GgufWriter>? addMetadata, string title = "tiny")
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("general.name", title);
        writer.Add("llama.context_length", 32u);
        writer.Add("llama.embedding_length", (uint)Width);
        writer.Add("llama.block_count", 1u);
        writer.Add("llama.feed_forward_length", (uint)FeedForward);
        writer.Add("llama.attention.head_count", (uint)(Width / HeadSize));
        writer.Add("llama.attention.head_count_kv", 1u);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("llama.rope.dimension_count", (uint)HeadSize);
        writer.Add("llama.vocab_size", (uint)Vocabulary);
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.AddArray(
            "tokenizer.ggml.tokens",
            [.. Enumerable.Range(0, User).Select(i => ((char)('a' + i)).ToString()), "<|user|>", "<s>", "</s>"]
        );
        writer.AddArray("tokenizer.ggml.token_type", Enumerable.Range(0, Vocabulary).Select(i => i < User ? 1 : 3).ToArray());
        writer.AddArray("tokenizer.ggml.merges", (string[])[]);
        writer.Add("tokenizer.ggml.bos_token_id", (uint)Bos);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)Eos);
        addMetadata?.Invoke(writer);
        var random = new Random(3);
        foreach (
            var (name, outputs) in ((string, int)[])
                [
                    ("token_embd", Vocabulary),
                    ("output", Vocabulary),
                    ("blk.0.attn_q", Width),
                    ("blk.0.attn_k", HeadSize),
                    ("blk.0.attn_v", HeadSize),
                    ("blk.0.attn_output", Width),
                    ("blk.0.ffn_gate", FeedForward),
                    ("blk.0.ffn_up", FeedForward),
                    ("blk.0.ffn_down", Width),
                ]
        )
            Tensor(name, [Width, outputs], 0, 0.4f);
        foreach (var name in (string[])["blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"])
            Tensor(name, [Width], 1, 0.1f);
        writer.Save(path);

        void Tensor(string name, long[] dimensions, float middle, float spread)
        {
            var values = new float[dimensions.Aggregate(1L, (a, b) => a * b)];
            foreach (ref var value in values.AsSpan())
                value = middle + (spread * ((2 * random.NextSingle()) - 1));
            writer.AddTensor(name + ".weight", CodeFormats.Named("f32"), dimensions, MemoryMarshal.AsBytes<float>(values).ToArray());
        }
    }
}
