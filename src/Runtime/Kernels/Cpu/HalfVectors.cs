using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Binary16 to binary32 for finite values, exact, without denormal arithmetic (which traps to microcode). A chip image holds no
/// other scales.</summary>
internal static unsafe class HalfVectors
{
    private const int Rebias = (127 - 15) << 23;
    private const int ExponentMask = 0x1F << 23;
    private const int OneAbove = 1 << 23;

    /// <summary>Eight neighbours at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(void* at)
    {
        // Sign in bit 31, exponent and mantissa moved to their places; the sign's copies in between are cut away.
        var half = Vector256.WidenLower(Vector128.Load((short*)at).ToVector256Unsafe());
        var bits = (half << 13) & Vector256.Create(unchecked((int)0x8FFFE000));
        var subnormal = Vector256.Equals(bits & Vector256.Create(ExponentMask), Vector256<int>.Zero);
        // A subnormal gets exponent 1 and loses the implicit one again in float arithmetic, which is exact.
        var rebased = bits + Vector256.Create(Rebias) + (subnormal & Vector256.Create(OneAbove));
        var implicitOne = ((bits & Vector256.Create(int.MinValue)) | Vector256.Create(Rebias + OneAbove)) & subnormal;
        return rebased.AsSingle() - implicitOne.AsSingle();
    }

    /// <summary>Sixteen neighbours at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(void* at)
    {
        var half = Vector512.WidenLower(Vector256.Load((short*)at).ToVector512Unsafe());
        var bits = (half << 13) & Vector512.Create(unchecked((int)0x8FFFE000));
        var subnormal = Vector512.Equals(bits & Vector512.Create(ExponentMask), Vector512<int>.Zero);
        var rebased = bits + Vector512.Create(Rebias) + (subnormal & Vector512.Create(OneAbove));
        var implicitOne = ((bits & Vector512.Create(int.MinValue)) | Vector512.Create(Rebias + OneAbove)) & subnormal;
        return rebased.AsSingle() - implicitOne.AsSingle();
    }

    /// <summary>y = x rounded to binary16 (nearest, ties to even).</summary>
    /// <returns>Whether an element is not finite in binary16.</returns>
    [SkipLocalsInit]
    public static bool Store(float* x, ushort* y, int count)
    {
        var largest = Vector256<uint>.Zero;
        for (; count >= 8; count -= 8, x += 8, y += 8)
        {
            var eight = Bits(Vector256.Load(x));
            largest = Vector256.Max(largest, eight & Vector256.Create(0x7FFFu));
            Vector128.Narrow(eight.GetLower(), eight.GetUpper()).Store(y);
        }

        if (count == 0)
            return Vector256.GreaterThanAny(largest, Vector256.Create(0x7BFFu));
        var tail = stackalloc float[8];
        for (var i = 0; i < 8; i++)
            tail[i] = i < count ? x[i] : 0;
        var bits = Bits(Vector256.Load(tail));
        for (var i = 0; i < count; i++)
            y[i] = (ushort)bits.GetElement(i);
        return Vector256.GreaterThanAny(Vector256.Max(largest, bits & Vector256.Create(0x7FFFu)), Vector256.Create(0x7BFFu));
    }

    /// <summary>y = x rounded to binary16 (nearest, ties to even), as floats; x and y may be the same.</summary>
    public static void Round(float* x, float* y, int count)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
            Round(Vector256.Load(x + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = Round(x[i]);
    }

    /// <summary>Each element's binary16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Bits(Vector256<float> x)
    {
        var rounded = Round(x).AsInt32();
        var magnitude = rounded & Vector256.Create(int.MaxValue);
        var normal = Vector256.Min((magnitude - Vector256.Create(Rebias)) >> 13, Vector256.Create(0x7C00));
        var subnormal = Vector256.ConvertToInt32Native(magnitude.AsSingle() * Vector256.Create(16777216f));
        var bits = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(Rebias + OneAbove)), subnormal, normal);
        bits = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000)), Vector256.Create(0x7E00), bits);
        return (bits | ((rounded >>> 16) & Vector256.Create(0x8000))).AsUInt32();
    }

    /// <summary>x rounded to binary16; the library's conversion computes with denormal numbers and takes tens of nanoseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float x) => Round(Vector256.CreateScalarUnsafe(x)).ToScalar();

    /// <summary>Each element rounded to binary16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Round(Vector256<float> x)
    {
        var sign = x & Vector256.Create(-0f);
        var magnitude = x ^ sign;

        // Normal: thirteen mantissa bits go, ties to even; what reaches 2^16 is infinite.
        var bits = magnitude.AsInt32();
        var normal = ((bits + Vector256.Create(0xFFF) + ((bits >>> 13) & Vector256<int>.One)) & Vector256.Create(~0x1FFF)).AsSingle();
        normal = Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(normal, Vector256.Create(65536f)),
            Vector256.Create(float.PositiveInfinity),
            normal
        );

        // Subnormal: between a half and one the step of a float is that of a binary16 subnormal, 2^-24.
        var subnormal = magnitude + Vector256.Create(0.5f) - Vector256.Create(0.5f);
        var rounded = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(1 / 16384f)), subnormal, normal);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), rounded | sign, x);
    }
}
