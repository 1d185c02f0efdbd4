using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_XS.</summary>
internal readonly struct Iq2Xs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 74;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        var packed = (block.Word(2, q / 4) >> (16 * (q / 2 % 2))) & 0xFFFF;
        return Integers.Negate(block.Book((2 * (int)(packed & 511)) + (q % 2)), EvenSigns.Of(packed >> 9) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * ((block.Byte(66, s / 2) >> (4 * (s % 2))) & 15)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
