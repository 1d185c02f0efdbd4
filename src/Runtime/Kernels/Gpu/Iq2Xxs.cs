using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_XXS.</summary>
internal readonly struct Iq2Xxs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 66;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) =>
        Integers.Negate(
            block.Book((2 * (block.Byte(2, (8 * (q / 8)) + (q % 8 / 2)))) + (q % 2)),
            (EvenSigns.Of(block.Word(2, (2 * (q / 8)) + 1) >> (7 * (q % 8 / 2)))) >> (4 * (q % 2))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * (int)(block.Word(2, (2 * s) + 1) >> 28)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
