using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ1_S.</summary>
internal readonly struct Iq1S : IIntegerFormat, IShiftedFormat
{
    public int Weights => 256;

    public int Bytes => 50;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        int sub = q / 8,
            l = q % 8 / 2;
        var high = (int)(block.Word(34, sub / 2) >> ((16 * (sub % 2)) + (3 * l))) & 7;
        return block.Book((2 * (block.Byte(2, q / 2) | (high << 8))) + (q % 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * ((int)(block.Word(34, s / 2) >> ((16 * (s % 2)) + 12)) & 7)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Shift(PanelBlock block, int g) => ((block.Word(34, g / 8) >> ((16 * (g / 4 % 2)) + 15)) & 1) != 0 ? -1 : 1;
}
