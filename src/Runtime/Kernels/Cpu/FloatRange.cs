using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Magnitudes whose products neither underflow nor overflow in binary32.</summary>
internal static class FloatRange
{
    /// <summary>2^−62.</summary>
    public const float Smallest = 1f / (1L << 62);

    /// <summary>2^62.</summary>
    public const float Largest = 1L << 62;

    /// <summary>All ones in the lanes that are neither zero nor in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Outside(Vector512<float> values)
    {
        var magnitudes = Vector512.Abs(values);
        var inside =
            Vector512.GreaterThanOrEqual(magnitudes, Vector512.Create(Smallest))
            & Vector512.LessThanOrEqual(magnitudes, Vector512.Create(Largest));
        return ~(inside | Vector512.Equals(magnitudes, Vector512<float>.Zero)).AsInt32();
    }
}
