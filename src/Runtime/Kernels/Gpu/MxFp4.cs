using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>MXFP4: the scale is half of what the exponent byte stands for, the book twice FP4.</summary>
internal readonly struct MxFp4 : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 17;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(1, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block)
    {
        var exponent = block.Single(0);
        return Interop.IntAsFloat(exponent < 2 ? 0x0020_0000u << (int)exponent : (exponent - 1) << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
