using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q6_K.</summary>
internal readonly struct Q6K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 210;

    public int SubBlock => 16;

    public int Offset => 32;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        int n = q / 32,
            j = q % 32 / 8,
            l = q % 8;
        var low = (block.Word(0, (16 * n) + (8 * (j % 2)) + l) >> (4 * (j / 2))) & 0x0F0F0F0F;
        return low | (((block.Word(128, (8 * n) + l) >> (2 * j)) & 0x03030303) << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(208);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => Integers.Byte((uint)block.Byte(192, s), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
