using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q3_K.</summary>
internal readonly struct Q3K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 110;

    public int SubBlock => 16;

    public int Offset => 4;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) =>
        ((block.Word(32, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303)
        | (((block.Word(0, q % 8) >> (q / 8)) & 0x01010101) << 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(108);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s)
    {
        var low = s < 8 ? block.Byte(96, s) & 15 : block.Byte(96, s - 8) >> 4;
        return (low | (((block.Byte(96, 8 + (s % 4)) >> (2 * (s / 4))) & 3) << 4)) - 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
