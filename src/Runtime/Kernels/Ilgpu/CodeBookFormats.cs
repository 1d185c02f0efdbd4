using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Ilgpu;

/// <summary>IQ2_XXS.</summary>
internal readonly struct Iq2Xxs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 66;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => Integers.Negate(block.Book((2 * (block.Byte(2, (8 * (q / 8)) + (q % 8 / 2)))) + (q % 2)), (EvenSigns.Of(block.Word(2, (2 * (q / 8)) + 1) >> (7 * (q % 8 / 2)))) >> (4 * (q % 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * (int)(block.Word(2, (2 * s) + 1) >> 28)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

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

/// <summary>IQ3_XXS.</summary>
internal readonly struct Iq3Xxs : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 98;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => Integers.Negate(block.Book(block.Byte(2, q)), EvenSigns.Of(block.Word(66, q / 8) >> (7 * (q % 8 / 2))) >> (4 * (q % 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * (int)(block.Word(66, s) >> 28)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

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
        int sub = q / 8, l = q % 8 / 2;
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

/// <summary>IQ1_M.</summary>
internal readonly struct Iq1M : IIntegerFormat, IShiftedFormat
{
    public int Weights => 256;

    public int Bytes => 56;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.Book((2 * (block.Byte(0, q / 2) | (((block.Byte(32, q / 4) >> (4 * (q / 2 % 2))) & 7) << 8))) + (q % 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block)
    {
        uint first = block.Word(48, 0), second = block.Word(48, 1);
        return HalfBits.Value(((first >> 12) & 15) | ((first >> 24) & 0xF0) | ((second >> 4) & 0xF00) | ((second >> 16) & 0xF000));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => (2 * ((int)(block.Word(48, s / 8) >> ((16 * (s / 4 % 2)) + (3 * (s % 4)))) & 7)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Shift(PanelBlock block, int g) => ((block.Byte(32, g / 2) >> (4 * (g % 2))) & 8) != 0 ? -1 : 1;
}

/// <summary>A format whose groups of eight codes are all moved up or down by one eighth.</summary>
internal interface IShiftedFormat : IIntegerFormat
{
    /// <summary>+1 or −1 for group <paramref name="g"/> of eight.</summary>
    int Shift(PanelBlock block, int g);
}

/// <summary>Seven stored sign bits; the eighth makes the number of minus signs even.</summary>
internal static class EvenSigns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint code)
    {
        code &= 127;
        var parity = code ^ (code >> 4);
        parity ^= parity >> 2;
        return code | (((parity ^ (parity >> 1)) & 1) << 7);
    }
}
