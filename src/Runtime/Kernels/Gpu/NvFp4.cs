using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>NVFP4: half an unsigned E4M3 scale per sixteen weights, in units of its smallest step 2^−10.</summary>
internal readonly struct NvFp4 : IIntegerFormat
{
    public int Weights => 64;

    public int Bytes => 36;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(4, (2 * (q / 4)) + (q % 2)) >> (4 * (q % 4 / 2))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => 1f / 1024;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s)
    {
        var code = block.Byte(0, s);
        int exponent = (code >> 3) & 15,
            mantissa = code & 7;
        return code == 0x7F ? 0
            : exponent == 0 ? mantissa
            : (8 + mantissa) << (exponent - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
