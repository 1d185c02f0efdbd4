using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q4_K.</summary>
internal readonly struct Q4K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 144;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(16, (8 * (q / 16)) + (q % 8)) >> (4 * (q / 8 % 2))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => SixBits.Scale(block, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => SixBits.Minimum(block, s);
}
