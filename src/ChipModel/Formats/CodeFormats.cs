using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Every code format: the live GGUF block types (ids of ggml, see docs/formats/) and the fabric's own.</summary>
public static class CodeFormats
{
    private static readonly CodeFormat[] Table =
    [
        Ggml("f32", 0, 1, 4, 32, 4),
        Ggml("f16", 1, 1, 2, 16, 2),
        Ggml("q4_0", 2, 32, 18, 4, 2, 16),
        Ggml("q4_1", 3, 32, 20, 4, 2, 2, 16),
        Ggml("q5_0", 6, 32, 22, 5, 2, 4, 16),
        Ggml("q5_1", 7, 32, 24, 5, 2, 2, 4, 16),
        Ggml("q8_0", 8, 32, 34, 8, 2, 32),
        Ggml("q2_k", 10, 256, 84, 2, 16, 64, 2, 2),
        Ggml("q3_k", 11, 256, 110, 3, 32, 64, 12, 2),
        Ggml("q4_k", 12, 256, 144, 4, 2, 2, 12, 128),
        Ggml("q5_k", 13, 256, 176, 5, 2, 2, 12, 32, 128),
        Ggml("q6_k", 14, 256, 210, 6, 128, 64, 16, 2),
        Ggml("iq2_xxs", 16, 256, 66, 2, 2, 64),
        Ggml("iq2_xs", 17, 256, 74, 2, 2, 64, 8),
        Ggml("iq3_xxs", 18, 256, 98, 3, 2, 96),
        Ggml("iq1_s", 19, 256, 50, 1, 2, 32, 16),
        Ggml("iq4_nl", 20, 32, 18, 4, 2, 16),
        Ggml("iq3_s", 21, 256, 110, 3, 2, 64, 8, 32, 4),
        Ggml("iq2_s", 22, 256, 82, 2, 2, 64, 8, 8),
        Ggml("iq4_xs", 23, 256, 136, 4, 2, 2, 4, 128),
        Ggml("f64", 28, 1, 8, 64, 8),
        Ggml("iq1_m", 29, 256, 56, 1, 32, 16, 8),
        Ggml("bf16", 30, 1, 2, 16, 2),
        Ggml("tq1_0", 34, 256, 54, 2, 48, 4, 2),
        Ggml("tq2_0", 35, 256, 66, 2, 64, 2),
        Ggml("mxfp4", 39, 32, 17, 4, 1, 16),
        Ggml("nvfp4", 40, 64, 36, 4, 4, 32),
        Ggml("q1_0", 41, 128, 18, 1, 2, 16),
        Ggml("q2_0", 42, 64, 18, 2, 2, 16),
        Rom(2),
        Rom(3),
        Rom(4),
        Rom(5),
        Rom(6),
        Rom(8),
    ];

    private static readonly Dictionary<string, CodeFormat> ByName = Table.ToDictionary(f => f.Name, StringComparer.Ordinal);

    private static readonly Dictionary<int, CodeFormat> ById = Table.Where(f => f.GgmlType >= 0).ToDictionary(f => f.GgmlType);

    /// <summary>All formats, GGUF types first.</summary>
    public static IReadOnlyList<CodeFormat> All => Table;

    /// <summary>The format of a GGUF type id that can be hard-wired.</summary>
    /// <exception cref="InputException">The id is not one that weights can have.</exception>
    public static CodeFormat OfGgml(int id) =>
        ById.TryGetValue(id, out var format)
            ? format
            : throw new InputException($"tensor type id {id} cannot be hard-wired; re-quantise with --weights rom4");

    /// <summary>The format of that name.</summary>
    /// <exception cref="InputException">No such format.</exception>
    public static CodeFormat Named(string name) =>
        ByName.TryGetValue(name, out var format)
            ? format
            : throw new InputException($"unknown code format '{name}'; known: {string.Join(' ', Table.Select(f => f.Name))}");

    /// <summary>
    /// A fabric format of <paramref name="bits"/> bits: blocks of 32 signed codes c ∈ [−2^(b−1), 2^(b−1)−1] and one unsigned 8-bit scale s;
    /// the column has one float scale g (in the vector ROM): weight = g · s · c. Bytes: [s][three zero bytes are not stored][codes,
    /// little-endian bit stream].
    /// </summary>
    private static CodeFormat Rom(int bits) =>
        new()
        {
            Name = $"rom{bits}",
            GgmlType = -1,
            BlockWeights = 32,
            BlockBytes = 1 + (4 * bits),
            Units = Expand(1, 4 * bits),
            CodeBits = bits,
        };

    private static CodeFormat Ggml(string name, int id, int weights, int bytes, int codeBits, params int[] fields)
    {
        var units = weights == 1 ? [bytes] : Expand(fields);
        if (units.Sum() != bytes)
            throw new InvalidOperationException($"{name}: units do not sum to {bytes}");
        return new CodeFormat
        {
            Name = name,
            GgmlType = id,
            BlockWeights = weights,
            BlockBytes = bytes,
            Units = units,
            CodeBits = codeBits,
        };
    }

    /// <summary>Fields of up to two bytes stay whole; longer ones are cut in units of four bytes.</summary>
    private static int[] Expand(params int[] fields) => [.. fields.SelectMany(f => f <= 2 ? [f] : Enumerable.Repeat(4, f / 4))];
}
