using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Four signed bytes in a word, and exact roundings to integers.</summary>
internal static class Integers
{
    /// <summary>Byte <paramref name="i"/> (0…3), sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Byte(uint quad, int i) => (int)(quad << (24 - (8 * i))) >> 24;

    /// <summary>Σ (w − offset) · a over four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(uint w, uint a, int offset) =>
        ((Byte(w, 0) - offset) * Byte(a, 0))
        + ((Byte(w, 1) - offset) * Byte(a, 1))
        + ((Byte(w, 2) - offset) * Byte(a, 2))
        + ((Byte(w, 3) - offset) * Byte(a, 3));

    /// <summary>Σ a over four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(uint a) => Byte(a, 0) + Byte(a, 1) + Byte(a, 2) + Byte(a, 3);

    /// <summary>Bits 0…3 as four bytes of 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Spread(uint bits) => (bits & 1) | ((bits & 2) << 7) | ((bits & 4) << 14) | ((bits & 8) << 21);

    /// <summary>Negates the bytes whose bit in <paramref name="signs"/> is set; no byte may be zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Negate(uint quad, uint signs)
    {
        var ones = Spread(signs);
        return (quad ^ (ones * 0xFF)) + ones;
    }

    /// <summary>Rounds half away from zero; |x| below 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundAway(float x)
    {
        var whole = (int)x;
        var rest = x - whole;
        return rest >= 0.5f ? whole + 1
            : rest <= -0.5f ? whole - 1
            : whole;
    }

    /// <summary>Rounds half to even; |x| below 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundEven(float x)
    {
        var whole = (int)x;
        var rest = x - whole;
        var odd = (whole & 1) != 0;
        if (rest > 0.5f || (rest == 0.5f && odd))
            return whole + 1;
        return rest < -0.5f || (rest == -0.5f && odd) ? whole - 1 : whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Clamp(int x, int low, int high) =>
        x < low ? low
        : x > high ? high
        : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Clamp(long x, long low, long high) =>
        x < low ? low
        : x > high ? high
        : x;
}
