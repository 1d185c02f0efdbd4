using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q5_1.</summary>
internal readonly struct Q5_1 : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 24;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) =>
        ((block.Word(8, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(4, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => -block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 1;
}
