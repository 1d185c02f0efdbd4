using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What the integer sums of a block's parts begin at, so that they end without the bias of the weights: −bias · Σ x.</summary>
internal static unsafe class BiasCorrection
{
    /// <summary>Parts of any block, at most.</summary>
    public const int Capacity = 16;

    /// <summary>Fills one start per part of the block of <paramref name="x"/> that begins at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill<TFormat, TDot>(Activations x, long at, int* to)
        where TFormat : struct, ISumFormat
        where TDot : struct, IByteDot
    {
        if (TFormat.BlockWeights == 256)
        {
            var sums = TFormat.PartWeights == 16 ? x.Sums16 + (at / 16) : x.Sums32 + (at / 32);
            for (var part = 0; part < 256 / TFormat.PartWeights; part += 8)
                (Avx2.ConvertToVector256Int32(sums + part) * Vector256.Create(-TDot.SignedBias)).Store(to + part);
            return;
        }

        for (var i = 0; i < TFormat.BlockWeights; i += 64)
        {
            var sums = SumsOf16(x.Codes + at + i);
            if (TFormat.PartWeights == 32)
                sums = Ssse3.HorizontalAdd(sums, sums);
            (sums * Vector128.Create(-TDot.SignedBias)).Store(to + (i / TFormat.PartWeights));
        }
    }

    /// <summary>Sums of four times sixteen codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> SumsOf16(sbyte* codes)
    {
        var eights = Avx2.HorizontalAdd(
            SimdQuantizer.SumsOfFour(Vector256.Load(codes)),
            SimdQuantizer.SumsOfFour(Vector256.Load(codes + 32))
        );
        var sixteens = Avx2.HorizontalAdd(eights, eights);
        return Sse2.UnpackLow(sixteens.GetLower(), sixteens.GetUpper());
    }
}
