using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>Codes of sixteen columns, two inputs side by side as words in a column's 32-bit lane, against wide activations.</summary>
internal static unsafe class WordPairs
{
    /// <summary>Packs codes [input][16] in place to [input / 2][16].</summary>
    public static void Pack(int* codes, int inputs)
    {
        for (var i = 0; i < inputs / 2; i++)
        {
            Vector512<int> first = Vector512.Load(codes + (32 * i)),
                second = Vector512.Load(codes + (32 * i) + 16);
            ((first & Vector512.Create(0xFFFF)) | (second << 16)).Store(codes + (16 * i));
        }
    }

    /// <summary>Σ code · a of each column over a multiple of four inputs; exact below 2^31.</summary>
    public static Vector512<int> Sum(int* pairs, short* a, int inputs)
    {
        Vector512<int> sum = Vector512<int>.Zero,
            other = sum;
        for (var end = pairs + (8 * inputs); pairs < end; pairs += 32, a += 4)
        {
            sum += Products(Vector512.Load(pairs), *(int*)a);
            other += Products(Vector512.Load(pairs + 16), *(int*)(a + 2));
        }

        return sum + other;
    }

    /// <summary>Σ a over a multiple of sixteen inputs.</summary>
    public static int Sum(short* a, int inputs)
    {
        var sum = Vector256<int>.Zero;
        for (var end = a + inputs; a < end; a += 16)
        {
            var words = Vector256.Load(a);
            sum += Vector256.WidenLower(words) + Vector256.WidenUpper(words);
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Products(Vector512<int> codes, int a)
    {
        if (Avx512BW.IsSupported)
            return Avx512BW.MultiplyAddAdjacent(codes.AsInt16(), Vector512.Create(a).AsInt16());
        var low = (codes << 16 >> 16) * Vector512.Create((int)(short)a);
        return low + ((codes >> 16) * Vector512.Create(a >> 16));
    }
}
