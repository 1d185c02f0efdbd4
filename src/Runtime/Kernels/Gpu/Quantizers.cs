using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The reference's activation quantisers on the device; see <see cref="Scalar.ScalarQuantizer"/>.</summary>
internal static class Quantizers
{
    /// <summary>
    /// Q8_0 and Q8_1: 32 codes and a scale; rounds half away from zero with the reciprocal of the unrounded scale. A group takes
    /// <paramref name="perGroup"/> blocks; shared memory holds a magnitude and a code for each element.
    /// </summary>
    public static void Block32(ArrayView<float> x, DeviceVectors to, int blocks, int perGroup)
    {
        var magnitudes = SharedMemory.GetDynamic<float>();
        var codes = SharedMemory.GetDynamic<int>().SubView(32 * perGroup, 32 * perGroup);
        int first = Grid.IdxX * perGroup,
            count = IntrinsicMath.Min(perGroup, blocks - first);
        var from = 32L * first;
        for (var i = Group.IdxX; i < 32 * count; i += Group.DimX)
            magnitudes[i] = Larger(0, x[from + i]);
        Group.Barrier();
        for (var i = Group.IdxX; i < 32 * count; i += Group.DimX)
        {
            var scale = Largest(magnitudes, i / 32 * 32, 32) / 127;
            codes[i] = Integers.RoundAway(x[from + i] * (scale != 0 ? 1 / scale : 0));
        }

        Group.Barrier();
        for (var q = Group.IdxX; q < 8 * count; q += Group.DimX)
            to.Codes[(from / 4) + q] = Packed(codes, 4 * q);
        for (var b = Group.IdxX; b < count; b += Group.DimX)
        {
            var scale = Largest(magnitudes, 32 * b, 32) / 127;
            to.Scales[first + b] = HalfBits.Round(scale);
            to.Products[first + b] = HalfBits.Round(Sum(codes, 32 * b, 32) * scale);
        }
    }

    /// <summary>
    /// Q8_K: 256 codes, a float scale whose sign is that of the largest element (the first of equals), sums of sixteen; rounds half to
    /// even. A group takes a block; shared memory holds the largest element of each sixteen, then a code for each element.
    /// </summary>
    public static void Block256(ArrayView<float> x, DeviceVectors to)
    {
        var candidates = SharedMemory.GetDynamic<float>();
        var codes = SharedMemory.GetDynamic<int>().SubView(16, 256);
        var from = 256L * Grid.IdxX;
        for (var part = Group.IdxX; part < 16; part += Group.DimX)
        {
            var candidate = x[from + (16 * part)];
            for (var i = 1; i < 16; i++)
                candidate = OfLargerMagnitude(candidate, x[from + (16 * part) + i]);
            candidates[part] = candidate;
        }

        Group.Barrier();
        var signed = candidates[0];
        for (var part = 1; part < 16; part++)
            signed = OfLargerMagnitude(signed, candidates[part]);
        var inverse = signed != 0 ? -127f / signed : 0;
        for (var i = Group.IdxX; i < 256; i += Group.DimX)
        {
            var code = Integers.RoundEven(inverse * x[from + i]);
            codes[i] = code > 127 ? 127 : code;
        }

        Group.Barrier();
        for (var q = Group.IdxX; q < 64; q += Group.DimX)
            to.Codes[(from / 4) + q] = Packed(codes, 4 * q);
        for (var part = Group.IdxX; part < 16; part += Group.DimX)
            to.Sums[(16L * Grid.IdxX) + part] = Sum(codes, 16 * part, 16);
        if (Group.IdxX == 0)
            to.Scales[Grid.IdxX] = signed != 0 ? 1 / inverse : 0;
    }

    /// <summary>Each element as binary16 holds it.</summary>
    public static void Half(Index1D i, ArrayView<float> x, DeviceVectors to) => to.Values[i] = HalfBits.Round(x[i]);

    /// <summary>Each element as bfloat16 holds it.</summary>
    public static void Brain(Index1D i, ArrayView<float> x, DeviceVectors to) => to.Values[i] = HalfBits.RoundBrain(x[i]);

    /// <summary>The fabric's symmetric scale of each row: max|x| / limit. A group per row; shared memory holds a float per
    /// thread.</summary>
    public static void VectorScale(ArrayView<float> x, DeviceVectors to, int limit)
    {
        var shared = SharedMemory.GetDynamic<float>();
        long from = (long)Grid.IdxX * to.Inputs;
        var largest = 0f;
        for (var i = Group.IdxX; i < to.Inputs; i += Group.DimX)
            largest = Larger(largest, x[from + i]);
        shared[Group.IdxX] = largest;
        Group.Barrier();
        if (Group.IdxX != 0)
            return;
        for (var i = 1; i < Group.DimX; i++)
            largest = Larger(largest, shared[i]);
        to.Scales[Grid.IdxX] = largest / limit;
    }

    /// <summary>a = clamp(round_half_even(x / s), ±limit).</summary>
    public static void VectorCodes(Index1D i, ArrayView<float> x, DeviceVectors to, int limit)
    {
        var scale = to.Scales[i / to.Inputs];
        to.Wide[i] = scale == 0 ? 0 : Integers.Clamp(Integers.RoundEven(x[i] / scale), -limit, limit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(ArrayView<float> magnitudes, int from, int count)
    {
        var largest = 0f;
        for (var i = 0; i < count; i++)
            largest = magnitudes[from + i] > largest ? magnitudes[from + i] : largest;
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(ArrayView<int> codes, int from, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
            sum += codes[from + i];
        return sum;
    }

    /// <summary>Four codes, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Packed(ArrayView<int> codes, int at)
    {
        uint quad = 0;
        for (var i = 0; i < 4; i++)
            quad |= (uint)(codes[at + i] & 255) << (8 * i);
        return quad;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OfLargerMagnitude(float first, float second) =>
        Larger(Larger(0, first), second) > Larger(0, first) ? second : first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Larger(float largest, float x)
    {
        var magnitude = x < 0 ? -x : x;
        return magnitude > largest ? magnitude : largest;
    }
}
