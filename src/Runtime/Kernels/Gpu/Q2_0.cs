using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q2_0.</summary>
internal readonly struct Q2_0 : IIntegerFormat
{
    public int Weights => 64;

    public int Bytes => 18;

    public int SubBlock => 64;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        var codes = (block.Word(2, q / 4) >> (8 * (q % 4))) & 255;
        return (codes & 3) | ((codes & 12) << 6) | ((codes & 48) << 12) | ((codes & 192) << 18);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
