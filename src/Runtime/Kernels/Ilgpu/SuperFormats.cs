using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Ilgpu;

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

/// <summary>Q3_K.</summary>
internal readonly struct Q3K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 110;

    public int SubBlock => 16;

    public int Offset => 4;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => ((block.Word(32, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303) | (((block.Word(0, q % 8) >> (q / 8)) & 0x01010101) << 2);

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

/// <summary>Q4_K.</summary>
internal readonly struct Q4K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 144;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(16, (8 * (q / 16)) + (q % 8)) >> (4 * (q / 8 % 2))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => SixBits.Scale(block, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => SixBits.Minimum(block, s);
}

/// <summary>Q5_K.</summary>
internal readonly struct Q5K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 176;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => ((block.Word(48, (8 * (q / 16)) + (q % 8)) >> (4 * (q / 8 % 2))) & 0x0F0F0F0F) | (((block.Word(16, q % 8) >> (q / 8)) & 0x01010101) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => SixBits.Scale(block, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => SixBits.Minimum(block, s);
}

/// <summary>Q6_K.</summary>
internal readonly struct Q6K : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 210;

    public int SubBlock => 16;

    public int Offset => 32;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        int n = q / 32, j = q % 32 / 8, l = q % 8;
        var low = (block.Word(0, (16 * n) + (8 * (j % 2)) + l) >> (4 * (j / 2))) & 0x0F0F0F0F;
        return low | (((block.Word(128, (8 * n) + l) >> (2 * j)) & 0x03030303) << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(208);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => Integers.Byte((uint)block.Byte(192, s), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

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
    public int Step(PanelBlock block, int s) => (((block.Byte(4, s / 2) >> (4 * (s % 2))) & 15) | (((int)(block.Short(2) >> (2 * s)) & 3) << 4)) - 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>TQ1_0: five ternary digits a byte.</summary>
internal readonly struct Tq1 : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 54;

    public int SubBlock => 256;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        int digit = q < 40 ? q / 8 : q < 60 ? (q - 40) / 4 : q - 60, unit = q < 40 ? q % 8 : q < 60 ? 8 + ((q - 40) % 4) : 12;
        var power = digit == 0 ? 1u : digit == 1 ? 3u : digit == 2 ? 9u : digit == 3 ? 27u : 81u;
        var word = block.Word(0, unit);
        uint codes = 0;
        for (var i = 0; i < 32; i += 8)
            codes |= ((((((word >> i) & 255) * power) & 255) * 3) >> 8) << i;
        return codes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>TQ2_0.</summary>
internal readonly struct Tq2 : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 66;

    public int SubBlock => 256;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(0, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(64);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>The twelve bytes of eight six-bit scales and minima of Q4_K and Q5_K.</summary>
internal static class SixBits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Scale(PanelBlock block, int s) =>
        s < 4 ? block.Byte(4, s) & 63 : (block.Byte(4, s + 4) & 15) | ((block.Byte(4, s - 4) >> 6) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Minimum(PanelBlock block, int s) =>
        s < 4 ? block.Byte(4, s + 4) & 63 : (block.Byte(4, s + 4) >> 4) | ((block.Byte(4, s) >> 6) << 4);
}
