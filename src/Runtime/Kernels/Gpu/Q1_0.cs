using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q1_0: +1 and −1.</summary>
internal readonly struct Q1_0 : IIntegerFormat
{
    public int Weights => 128;

    public int Bytes => 18;

    public int SubBlock => 128;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => Integers.Spread((block.Word(2, q / 8) >> (4 * (q % 8))) & 15) << 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
