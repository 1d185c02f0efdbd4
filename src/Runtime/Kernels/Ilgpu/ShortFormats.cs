using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Ilgpu;

/// <summary>Q4_0.</summary>
internal readonly struct Q4Zero : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 18;

    public int SubBlock => 32;

    public int Offset => 8;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(2, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>Q4_1.</summary>
internal readonly struct Q4One : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 20;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => (block.Word(4, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => -block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 1;
}

/// <summary>Q5_0.</summary>
internal readonly struct Q5Zero : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 22;

    public int SubBlock => 32;

    public int Offset => 16;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => ((block.Word(6, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(2, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>Q5_1.</summary>
internal readonly struct Q5One : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 24;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => ((block.Word(8, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(4, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => -block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 1;
}

/// <summary>Q8_0.</summary>
internal readonly struct Q8Zero : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 34;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.Word(2, q);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>IQ4_NL.</summary>
internal readonly struct Iq4Nl : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 18;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(2, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>MXFP4: the scale is half of what the exponent byte stands for, the book twice FP4.</summary>
internal readonly struct MxFp4 : IIntegerFormat
{
    public int Weights => 32;

    public int Bytes => 17;

    public int SubBlock => 32;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(1, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block)
    {
        var exponent = block.Single(0);
        return Interop.IntAsFloat(exponent < 2 ? 0x0020_0000u << (int)exponent : (exponent - 1) << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>NVFP4: half an unsigned E4M3 scale per sixteen weights, in units of its smallest step 2^−10.</summary>
internal readonly struct NvFp4 : IIntegerFormat
{
    public int Weights => 64;

    public int Bytes => 36;

    public int SubBlock => 16;

    public int Offset => 0;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(4, (2 * (q / 4)) + (q % 2)) >> (4 * (q % 4 / 2))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => 1f / 1024;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s)
    {
        var code = block.Byte(0, s);
        int exponent = (code >> 3) & 15, mantissa = code & 7;
        return code == 0x7F ? 0 : exponent == 0 ? mantissa : (8 + mantissa) << (exponent - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>Q1_0: +1 and −1.</summary>
internal readonly struct Q1Zero : IIntegerFormat
{
    public int Weights => 128;

    public int Bytes => 18;

    public int SubBlock => 128;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q) => Integers.Spread((block.Word(2, q / 8) >> (4 * (q % 8))) & 15) << 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}

/// <summary>Q2_0.</summary>
internal readonly struct Q2Zero : IIntegerFormat
{
    public int Weights => 64;

    public int Bytes => 18;

    public int SubBlock => 64;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        var codes = (block.Word(2, q / 4) >> (8 * (q % 4))) & 255;
        return (codes & 3) | ((codes & 12) << 6) | ((codes & 48) << 12) | ((codes & 192) << 18);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
