namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Block geometry of every live ggml type: a tensor row is a run of blocks of <c>BlockElements</c> values in <c>BlockBytes</c> bytes.
/// Source: the type table of the ggml reference implementation, August 2026.
/// </summary>
public static class GgmlTypes
{
    private static readonly (GgmlType Type, int Elements, int Bytes)[] Table =
    [
        (GgmlType.F32, 1, 4),
        (GgmlType.F16, 1, 2),
        (GgmlType.Q4_0, 32, 18),
        (GgmlType.Q4_1, 32, 20),
        (GgmlType.Q5_0, 32, 22),
        (GgmlType.Q5_1, 32, 24),
        (GgmlType.Q8_0, 32, 34),
        (GgmlType.Q8_1, 32, 36),
        (GgmlType.Q2_K, 256, 84),
        (GgmlType.Q3_K, 256, 110),
        (GgmlType.Q4_K, 256, 144),
        (GgmlType.Q5_K, 256, 176),
        (GgmlType.Q6_K, 256, 210),
        (GgmlType.Q8_K, 256, 292),
        (GgmlType.IQ2_XXS, 256, 66),
        (GgmlType.IQ2_XS, 256, 74),
        (GgmlType.IQ3_XXS, 256, 98),
        (GgmlType.IQ1_S, 256, 50),
        (GgmlType.IQ4_NL, 32, 18),
        (GgmlType.IQ3_S, 256, 110),
        (GgmlType.IQ2_S, 256, 82),
        (GgmlType.IQ4_XS, 256, 136),
        (GgmlType.I8, 1, 1),
        (GgmlType.I16, 1, 2),
        (GgmlType.I32, 1, 4),
        (GgmlType.I64, 1, 8),
        (GgmlType.F64, 1, 8),
        (GgmlType.IQ1_M, 256, 56),
        (GgmlType.BF16, 1, 2),
        (GgmlType.TQ1_0, 256, 54),
        (GgmlType.TQ2_0, 256, 66),
        (GgmlType.MXFP4, 32, 17),
        (GgmlType.NVFP4, 64, 36),
        (GgmlType.Q1_0, 128, 18),
        (GgmlType.Q2_0, 64, 18),
    ];

    private static readonly (int Elements, int Bytes)[] ById = IndexById();

    /// <summary>Every live type, in order of its id.</summary>
    public static IReadOnlyList<GgmlType> All { get; } = [.. Table.Select(row => row.Type).Order()];

    /// <summary>True when <paramref name="id"/>, as read from a file, is a live type.</summary>
    public static bool IsLive(int id) => (uint)id < (uint)ById.Length && ById[id].Elements > 0;

    /// <summary>Name of a type that ggml once had and then took away, or null when <paramref name="id"/> never named one.</summary>
    public static string? RemovedName(int id) =>
        id switch
        {
            4 => "Q4_2",
            5 => "Q4_3",
            31 => "Q4_0_4_4",
            32 => "Q4_0_4_8",
            33 => "Q4_0_8_8",
            36 => "IQ4_NL_4_4",
            37 => "IQ4_NL_4_8",
            38 => "IQ4_NL_8_8",
            _ => null,
        };

    /// <summary>Values in one block: 1, 32, 64, 128 or 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a live type.</exception>
    public static int BlockElements(GgmlType type) => Geometry(type).Elements;

    /// <summary>Bytes of one block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a live type.</exception>
    public static int BlockBytes(GgmlType type) => Geometry(type).Bytes;

    /// <summary>Stored bits per value, block scales included.</summary>
    public static double BitsPerWeight(GgmlType type) => 8.0 * BlockBytes(type) / BlockElements(type);

    /// <summary>True for types that store codes and scales in blocks of more than one value.</summary>
    public static bool IsQuantised(GgmlType type) => BlockElements(type) > 1;

    /// <summary>Bytes that <paramref name="elements"/> values take; the count must be a multiple of the block.</summary>
    /// <exception cref="ArgumentException">The count does not fill whole blocks.</exception>
    /// <exception cref="OverflowException">The size does not fit a signed 64-bit integer.</exception>
    public static long Bytes(GgmlType type, long elements)
    {
        var (blockElements, blockBytes) = Geometry(type);
        if (elements < 0 || elements % blockElements != 0)
            throw new ArgumentException($"{elements} values do not fill whole {type} blocks of {blockElements}.", nameof(elements));
        return checked(elements / blockElements * blockBytes);
    }

    private static (int Elements, int Bytes) Geometry(GgmlType type) =>
        IsLive((int)type) ? ById[(int)type] : throw new ArgumentOutOfRangeException(nameof(type), type, "Not a live ggml type.");

    private static (int Elements, int Bytes)[] IndexById()
    {
        var byId = new (int, int)[Table.Max(row => (int)row.Type) + 1];
        foreach (var (type, elements, bytes) in Table)
            byId[(int)type] = (elements, bytes);
        return byId;
    }
}
