using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q2_K.</summary>
internal readonly struct Q2K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 84;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(16, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => block.Half(82);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => block.Byte(0, s) & 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => block.Byte(0, s) >> 4;
}
