namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>What a whole file is stored as: the TYPE of <c>quantize</c>.</summary>
/// <param name="Name">Lower-case name, as people type it.</param>
/// <param name="Id">Value of the key <c>general.file_type</c> (enum llama_ftype of llama.cpp); null keeps the one that the file
/// has.</param>
/// <param name="Base">Type of most matrices; null copies every tensor as it is.</param>
/// <param name="Mixed">Whether sensitive matrices get other types than <paramref name="Base"/>, by the rules of
/// <see cref="ChooseTensorTypes"/>.</param>
public sealed record FileType(string Name, uint? Id, GgmlType? Base, bool Mixed)
{
    /// <summary>Every file type. Names that llama-quantize has mean the same mix of tensor types; q3_k, q4_k, q5_k, mxfp4 and nvfp4 are
    /// plain.</summary>
    public static IReadOnlyList<FileType> All { get; } =
    [
        new("f32", 0, GgmlType.F32, false),
        new("f16", 1, GgmlType.F16, false),
        new("bf16", 32, GgmlType.BF16, false),
        new("q8_0", 7, GgmlType.Q8_0, true),
        new("q6_k", 18, GgmlType.Q6_K, true),
        new("q5_k_m", 17, GgmlType.Q5_K, true),
        new("q5_k_s", 16, GgmlType.Q5_K, true),
        new("q5_k", 16, GgmlType.Q5_K, false),
        new("q5_1", 9, GgmlType.Q5_1, true),
        new("q5_0", 8, GgmlType.Q5_0, true),
        new("q4_k_m", 15, GgmlType.Q4_K, true),
        new("q4_k_s", 14, GgmlType.Q4_K, true),
        new("q4_k", 14, GgmlType.Q4_K, false),
        new("q4_1", 3, GgmlType.Q4_1, true),
        new("q4_0", 2, GgmlType.Q4_0, true),
        new("iq4_nl", 25, GgmlType.IQ4_NL, true),
        new("iq4_xs", 30, GgmlType.IQ4_XS, true),
        new("nvfp4", 39, GgmlType.NVFP4, false),
        new("mxfp4", 38, GgmlType.MXFP4, false),
        new("mxfp4_moe", 38, GgmlType.MXFP4, true),
        new("q3_k_l", 13, GgmlType.Q3_K, true),
        new("q3_k_m", 12, GgmlType.Q3_K, true),
        new("q3_k_s", 11, GgmlType.Q3_K, true),
        new("q3_k", 11, GgmlType.Q3_K, false),
        new("q2_k", 10, GgmlType.Q2_K, true),
        new("q2_k_s", 21, GgmlType.Q2_K, true),
        new("q2_0", 41, GgmlType.Q2_0, true),
        new("tq2_0", 37, GgmlType.TQ2_0, true),
        new("tq1_0", 36, GgmlType.TQ1_0, true),
        new("q1_0", 40, GgmlType.Q1_0, true),
        new("copy", null, null, false),
    ];

    /// <summary>The file type of that name in any case.</summary>
    /// <exception cref="ChipModel.Files.InputException">There is none.</exception>
    public static FileType Named(string name) =>
        All.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ChipModel.Files.InputException($"unknown type '{name}'; choose one of {string.Join(' ', All.Select(t => t.Name))}");
}
