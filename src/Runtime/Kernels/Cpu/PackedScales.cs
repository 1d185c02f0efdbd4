using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The twelve packed bytes of Q4_K and Q5_K of sixteen columns: eight scales and eight minima of six bits.</summary>
internal readonly unsafe struct PackedScales(byte* units)
{
    private readonly Vector512<int> u0 = Vector512.Load((int*)units);
    private readonly Vector512<int> u1 = Vector512.Load((int*)(units + 64));
    private readonly Vector512<int> u2 = Vector512.Load((int*)(units + 128));

    private static Vector512<int> Six => Vector512.Create(0x3F3F3F3F);

    private static Vector512<int> Four => Vector512.Create(0x0F0F0F0F);

    private static Vector512<int> Two => Vector512.Create(0x03030303);

    /// <summary>Bytes 0 and 1 of every dword as words.</summary>
    private static Vector512<int> WordIndex =>
        Vector512.Create(
            Vector256.Create(
                Vector128.Create(
                    unchecked((int)0x80018000),
                    unchecked((int)0x80058004),
                    unchecked((int)0x80098008),
                    unchecked((int)0x800D800C)
                )
            )
        );

    /// <summary>Scales of the sub-blocks 2·pair and 2·pair + 1, as words of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<int> Scales(int pair) => Words(pair < 2 ? u0 & Six : (u2 & Four) | (((u0 >>> 6) & Two) << 4), pair);

    /// <summary>Minima of the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<int> Minima(int pair) => Words(pair < 2 ? u1 & Six : ((u2 >>> 4) & Four) | (((u1 >>> 6) & Two) << 4), pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Words(Vector512<int> bytes, int pair) =>
        Avx512BW.Shuffle((bytes >>> (16 * (pair & 1))).AsByte(), WordIndex.AsByte()).AsInt32();
}
