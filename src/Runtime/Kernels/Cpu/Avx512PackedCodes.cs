using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Q4_K and Q5_K in 512-bit vectors against several vectors. A dword holds two weights of one lane in each of two sub-blocks, so that their
/// products lie side by side as words and one multiplication scales both.
/// </summary>
internal readonly unsafe struct Avx512PackedCodes<TFormat> : IAvx512Codes
    where TFormat : struct, IPackedFormat
{
    public static int StepBytes => 1024;

    public static bool HasMinimum => true;

    public static sbyte* Arranged(Activations x) => x.Quads;

    public static void Store(byte* row, Avx512Block* to)
    {
        var scales = new PackedScales(row + 64);
        HalfVectors.Load16(row).Store(to->Scale);
        HalfVectors.Load16(row + 32).Store(to->Minimum);
        var codes = to->Codes;
        for (var j = 0; j < 4; j++)
        {
            scales.Minima(j).AsInt32().Store(to->Minima + (16 * j));
            Avx512Sums.PutScales(to->Scales + (128 * j), scales.Scales(j));
            for (var group = 0; group < 2; group++, codes += 512)
            {
                PackedCouples.Read<TFormat>(row, j, group, out var first, out var second);
                Put(codes, first.A, second.A);
                Put(codes + 128, first.B, second.B);
                Put(codes + 256, first.C, second.C);
                Put(codes + 384, first.D, second.D);
            }
        }
    }

    /// <summary>Codes of two sub-blocks of the first (or the last two) columns of every four, side by side as words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(byte* place, Vector512<byte> first, Vector512<byte> second)
    {
        Avx512BW.UnpackLow(first.AsInt16(), second.AsInt16()).AsByte().Store(place);
        Avx512BW.UnpackHigh(first.AsInt16(), second.AsInt16()).AsByte().Store(place + 64);
    }

    /// <summary>Four lanes of two sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddGroup(
        byte* codes,
        sbyte* x,
        Vector512<short> s0,
        Vector512<short> s1,
        Vector512<short> s2,
        Vector512<short> s3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    )
    {
        var first = Avx512F.BroadcastVector128ToVector512((int*)x).AsSByte();
        var second = Avx512F.BroadcastVector128ToVector512((int*)(x + 32)).AsSByte();
        n0 = Avx512Sums.Pairs(n0, Products(codes, codes + 256, first, second), s0);
        n1 = Avx512Sums.Pairs(n1, Products(codes + 64, codes + 320, first, second), s1);
        n2 = Avx512Sums.Pairs(n2, Products(codes + 128, codes + 384, first, second), s2);
        n3 = Avx512Sums.Pairs(n3, Products(codes + 192, codes + 448, first, second), s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Products(byte* a, byte* b, Vector512<sbyte> first, Vector512<sbyte> second) =>
        Avx512BW.MultiplyAddAdjacent(Vector512.Load(a), first) + Avx512BW.MultiplyAddAdjacent(Vector512.Load(b), second);
}
