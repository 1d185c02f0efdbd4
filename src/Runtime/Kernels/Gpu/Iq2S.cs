using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_S.</summary>
internal readonly struct Iq2S : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 82;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        var g = q / 2;
        var code = block.Byte(2, g) | ((block.Byte(66, g / 4) << (8 - (2 * (g % 4)))) & 0x300);
        return Integers.Negate(block.Book((2 * code) + (q % 2)), (uint)block.Byte(34, g) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * ((block.Byte(74, s / 2) >> (4 * (s % 2))) & 15)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
