using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// One block of one column in a panel, read as 32-bit words: neighbouring columns read neighbouring words. A field is named by its offset
/// in the GGUF block; it lies sixteen times as far from the start of the block row (<see cref="ChipModel.MaskLayers.PanelLayout"/>).
/// </summary>
internal readonly struct PanelBlock(ArrayView<uint> codes, ArrayView<uint> book, long at, int column)
{
    private readonly ArrayView<uint> codes = codes;
    private readonly ArrayView<uint> book = book;
    private readonly long at = at;
    private readonly int column = column;

    /// <summary>Word <paramref name="unit"/> of a field that is cut in units of four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Word(int field, int unit) => codes[at + (4 * field) + (16 * unit) + column];

    /// <summary>Byte <paramref name="i"/> of a field that is cut in units of four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Byte(int field, int i) => (int)(Word(field, i / 4) >> (8 * (i % 4))) & 255;

    /// <summary>A field of two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Short(int field) => (codes[at + (4 * field) + (column / 2)] >> (16 * (column % 2))) & 0xFFFF;

    /// <summary>A field of one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Single(int field) => (codes[at + (4 * field) + (column / 4)] >> (8 * (column % 4))) & 255;

    /// <summary>A binary16 field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Half(int field) => HalfBits.Value(Short(field));

    /// <summary>Word <paramref name="i"/> of the code book.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Book(int i) => book[i];

    /// <summary>Looks up four nibbles, one per byte, in a code book of sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint LookUp(uint nibbles)
    {
        uint values = 0;
        for (var i = 0; i < 32; i += 8)
        {
            var n = (int)(nibbles >> i) & 15;
            values |= ((book[n / 4] >> (8 * (n % 4))) & 255) << i;
        }

        return values;
    }
}
