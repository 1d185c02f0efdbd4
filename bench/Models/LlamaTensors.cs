using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Bench.Models;

/// <summary>Names, sizes and types of the tensors of a Llama file, by llama.cpp's recipes for the file types at hand.</summary>
internal static class LlamaTensors
{
    /// <summary>File types that can be written; <c>q4_k_m</c> mixes Q4_K and Q6_K.</summary>
    public static IReadOnlyList<string> FileTypes { get; } = ["f16", "q8_0", "q4_0", "q4_k_m"];

    /// <summary>One tensor: its columns (row length), its rows and the type of its blocks. One row of F32 is a norm.</summary>
    public readonly record struct Tensor(string Name, int Columns, int Rows, CodeFormat Type)
    {
        /// <summary>Experts that the rows belong to, in equal parts.</summary>
        public int Experts { get; init; } = 1;

        /// <summary>Dimensions as the file states them.</summary>
        public long[] Dimensions =>
            Rows == 1 ? [Columns]
            : Experts == 1 ? [Columns, Rows]
            : [Columns, Rows / Experts, Experts];
    }

    public static IEnumerable<Tensor> Of(LlamaShape shape, string fileType)
    {
        var plain = BaseType(fileType);
        // Whatever is smaller than 8 bits keeps its output matrix in Q6_K.
        var output = plain is F16Format or Q8_0Format ? plain : CodeFormats.Named("q6_k");
        yield return new("token_embd.weight", shape.Width, shape.Vocabulary, plain);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var better = fileType == "q4_k_m" && UsesMoreBits(layer, shape.Layers) ? CodeFormats.Named("q6_k") : plain;
            var name = $"blk.{layer}.";
            yield return new(name + "attn_norm.weight", shape.Width, 1, CodeFormats.Named("f32"));
            yield return new(name + "attn_q.weight", shape.Width, shape.Width, plain);
            yield return new(name + "attn_k.weight", shape.Width, shape.KvWidth, plain);
            yield return new(name + "attn_v.weight", shape.Width, shape.KvWidth, better);
            yield return new(name + "attn_output.weight", shape.Width, shape.Width, plain);
            yield return new(name + "ffn_norm.weight", shape.Width, 1, CodeFormats.Named("f32"));
            var (experts, suffix) = shape.Experts > 0 ? (shape.Experts, "_exps.weight") : (1, ".weight");
            if (shape.Experts > 0)
                yield return new(name + "ffn_gate_inp.weight", shape.Width, experts, CodeFormats.Named("f32"));
            yield return new(name + "ffn_gate" + suffix, shape.Width, shape.FeedForward * experts, plain) { Experts = experts };
            yield return new(name + "ffn_up" + suffix, shape.Width, shape.FeedForward * experts, plain) { Experts = experts };
            yield return new(name + "ffn_down" + suffix, shape.FeedForward, shape.Width * experts, better) { Experts = experts };
        }

        yield return new("output_norm.weight", shape.Width, 1, CodeFormats.Named("f32"));
        yield return new("output.weight", shape.Width, shape.Vocabulary, output);
    }

    /// <summary>Value of <c>general.file_type</c>.</summary>
    public static uint FileTypeId(string fileType) =>
        fileType switch
        {
            "f16" => 1,
            "q4_0" => 2,
            "q8_0" => 7,
            _ => 15,
        };

    private static CodeFormat BaseType(string fileType) =>
        fileType switch
        {
            "f16" => CodeFormats.Named("f16"),
            "q8_0" => CodeFormats.Named("q8_0"),
            "q4_0" => CodeFormats.Named("q4_0"),
            "q4_k_m" => CodeFormats.Named("q4_k"),
            _ => throw new ArgumentException($"file type '{fileType}' is not one of {string.Join(", ", FileTypes)}", nameof(fileType)),
        };

    // The layers for which Q4_K_M spends Q6_K on values and down-projections: the first and last eighth and every third between.
    private static bool UsesMoreBits(int layer, int layers) =>
        layer < layers / 8 || layer >= 7 * layers / 8 || (layer - (layers / 8)) % 3 == 2;
}
