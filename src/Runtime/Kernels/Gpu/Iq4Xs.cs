using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ4_XS.</summary>
internal readonly struct Iq4Xs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 136;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(8, (4 * (q / 8)) + (q % 4)) >> (4 * (q % 8 / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) =>
        (((block.Byte(4, s / 2) >> (4 * (s % 2))) & 15) | (((int)(block.Short(2) >> (2 * s)) & 3) << 4)) - 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
