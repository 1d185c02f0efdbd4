using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IEEE binary16 and bfloat16 in integer operations, so that no device needs (or distorts) a native half type.</summary>
internal static class HalfBits
{
    /// <summary>2^−24, the unit of binary16's subnormals.</summary>
    private const float Unit = 1f / (1 << 24);

    /// <summary>x rounded to nearest even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(float x)
    {
        var bits = Interop.FloatAsInt(x);
        var sign = (bits >> 16) & 0x8000;
        bits &= 0x7FFFFFFF;
        if (bits >= 0x47800000)
            return sign | (bits > 0x7F800000 ? 0x7E00u : 0x7C00u);
        if (bits >= 0x38800000)
            return sign | ((bits - 0x38000000 + 0xFFF + ((bits >> 13) & 1)) >> 13);
        var shift = 126 - (int)(bits >> 23);
        if (shift > 24)
            return sign;
        var mantissa = (bits & 0x7FFFFF) | 0x800000;
        uint code = mantissa >> shift,
            rest = mantissa & ((1u << shift) - 1),
            middle = 1u << (shift - 1);
        if (rest > middle || (rest == middle && (code & 1) != 0))
            code++;
        return sign | code;
    }

    /// <summary>The value of a binary16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(uint half)
    {
        uint sign = (half & 0x8000) << 16,
            exponent = (half >> 10) & 31,
            mantissa = half & 0x3FF;
        if (exponent == 0)
            return Interop.IntAsFloat(sign | Interop.FloatAsInt(mantissa * Unit));
        return Interop.IntAsFloat(sign | (exponent == 31 ? 0x7F800000 : (exponent + 112) << 23) | (mantissa << 13));
    }

    /// <summary>x as binary16 holds it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float x) => Value(Of(x));

    /// <summary>x as bfloat16 holds it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundBrain(float x)
    {
        var bits = Interop.FloatAsInt(x);
        bits = (bits & 0x7FFFFFFF) > 0x7F800000 ? bits | 0x400000 : bits + 0x7FFF + ((bits >> 16) & 1);
        return Interop.IntAsFloat(bits & 0xFFFF0000);
    }
}
