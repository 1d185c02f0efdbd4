using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ3_S.</summary>
internal readonly struct Iq3S : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 110;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        var code = block.Byte(2, q) | (((block.Byte(66, q / 8) >> (q % 8)) & 1) << 8);
        return Integers.Negate(block.Book(code), (uint)block.Byte(74, q / 2) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * ((block.Byte(106, s / 2) >> (4 * (s % 2))) & 15)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
