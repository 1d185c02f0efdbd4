using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Ilgpu;

/// <summary>A format of plain floating-point weights, one per block.</summary>
internal interface IFloatFormat
{
    /// <summary>Bytes per weight.</summary>
    int Bytes { get; }

    float Weight(PanelBlock block);
}

/// <summary>F32.</summary>
internal readonly struct F32 : IFloatFormat
{
    public int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => Interop.IntAsFloat(block.Word(0, 0));
}

/// <summary>F16.</summary>
internal readonly struct F16 : IFloatFormat
{
    public int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => block.Half(0);
}

/// <summary>BF16.</summary>
internal readonly struct Bf16 : IFloatFormat
{
    public int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => Interop.IntAsFloat(block.Short(0) << 16);
}

/// <summary>Codes of the fabric's formats: a little-endian bit stream of signed codes behind one scale byte.</summary>
internal static class RomCode
{
    /// <summary>Code <paramref name="i"/> of a block, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(PanelBlock block, int bits, int i)
    {
        int bit = i * bits, shift = bit & 31;
        var code = block.Word(1, bit >> 5) >> shift;
        if (shift + bits > 32)
            code |= block.Word(1, (bit >> 5) + 1) << (32 - shift);
        return (int)(code << (32 - bits)) >> (32 - bits);
    }
}
