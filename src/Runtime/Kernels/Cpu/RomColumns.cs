using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Block rows of the fabric's formats, sixteen columns at a time.</summary>
internal static unsafe class RomColumns
{
    /// <summary>Codes of a column in a block.</summary>
    public const int Codes = 32;

    /// <summary>Spreads a block row: sixteen scale bytes, then the columns' code streams in units of 32 bits.</summary>
    /// <param name="bits">Bits of a code: 2…8.</param>
    /// <param name="row">The block row.</param>
    /// <param name="codes">[32][16], sign-extended.</param>
    public static void Decode(int bits, byte* row, int* codes)
    {
        row += 16;
        switch (bits)
        {
            case 2:
                Decode<Two>(row, codes);
                break;
            case 3:
                Decode<Three>(row, codes);
                break;
            case 4:
                Decode<Four>(row, codes);
                break;
            case 5:
                Decode<Five>(row, codes);
                break;
            case 6:
                Decode<Six>(row, codes);
                break;
            case 8:
                Decode<Eight>(row, codes);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(bits), bits, "no such format");
        }
    }

    /// <summary>The sixteen unsigned scale bytes of a block row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Scales(byte* row)
    {
        var words = Vector256.WidenLower(Vector128.Load(row).ToVector256Unsafe());
        return Vector512.WidenLower(words.ToVector512Unsafe()).AsInt32();
    }

    private static void Decode<TBits>(byte* units, int* codes)
        where TBits : struct, IBits
    {
        var window = Vector512<int>.Zero;
        var held = 0;
        for (var i = 0; i < Codes; i++, codes += 16)
        {
            if (held >= TBits.Count)
            {
                Code<TBits>(window).Store(codes);
                window >>>= TBits.Count;
                held -= TBits.Count;
                continue;
            }

            var next = Vector512.Load((int*)units);
            units += 64;
            Code<TBits>(window | (next << held)).Store(codes);
            window = next >>> (TBits.Count - held);
            held += 32 - TBits.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Code<TBits>(Vector512<int> window)
        where TBits : struct, IBits => window << (32 - TBits.Count) >> (32 - TBits.Count);

    /// <summary>Bits of a code, known to the compiler.</summary>
    private interface IBits
    {
        static abstract int Count { get; }
    }

    private readonly struct Two : IBits
    {
        public static int Count => 2;
    }

    private readonly struct Three : IBits
    {
        public static int Count => 3;
    }

    private readonly struct Four : IBits
    {
        public static int Count => 4;
    }

    private readonly struct Five : IBits
    {
        public static int Count => 5;
    }

    private readonly struct Six : IBits
    {
        public static int Count => 6;
    }

    private readonly struct Eight : IBits
    {
        public static int Count => 8;
    }
}
