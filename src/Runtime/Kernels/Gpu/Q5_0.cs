using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q5_0.</summary>
internal readonly struct Q5_0 : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 22;

    public int SubBlock => 32;

    public int Offset => 16;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) =>
        ((block.Word(6, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(2, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
