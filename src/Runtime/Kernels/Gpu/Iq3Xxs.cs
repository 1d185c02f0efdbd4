using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ3_XXS.</summary>
internal readonly struct Iq3Xxs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 98;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) =>
        Integers.Negate(block.Book(block.Byte(2, q)), EvenSigns.Of(block.Word(66, q / 8) >> (7 * (q % 8 / 2))) >> (4 * (q % 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * (int)(block.Word(66, s) >> 28)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
