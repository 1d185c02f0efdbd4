using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The reference's activation quantisers on the device, one thread per block; see <see cref="Scalar.ScalarQuantizer"/>.</summary>
internal static class Quantizers
{
    /// <summary>Q8_0 and Q8_1: 32 codes and a scale; rounds half away from zero with the reciprocal of the unrounded scale.</summary>
    public static void Block32(Index1D block, ArrayView<float> x, DeviceVectors to)
    {
        var from = 32L * block;
        var largest = 0f;
        for (var i = 0; i < 32; i++)
            largest = Larger(largest, x[from + i]);
        var scale = largest / 127;
        var inverse = scale != 0 ? 1 / scale : 0;
        var sum = 0;
        for (var q = 0; q < 8; q++)
        {
            uint quad = 0;
            for (var i = 0; i < 4; i++)
            {
                var code = Integers.RoundAway(x[from + (4 * q) + i] * inverse);
                quad |= (uint)(code & 255) << (8 * i);
                sum += code;
            }

            to.Codes[(from / 4) + q] = quad;
        }

        to.Scales[block] = HalfBits.Round(scale);
        to.Products[block] = HalfBits.Round(sum * scale);
    }

    /// <summary>Q8_K: 256 codes, a float scale whose sign is that of the largest element, sums of sixteen; rounds half to even.</summary>
    public static void Block256(Index1D block, ArrayView<float> x, DeviceVectors to)
    {
        var from = 256L * block;
        float largest = 0,
            signed = 0;
        for (var i = 0; i < 256; i++)
        {
            var value = x[from + i];
            var magnitude = value < 0 ? -value : value;
            if (magnitude > largest)
            {
                largest = magnitude;
                signed = value;
            }
        }

        var inverse = largest != 0 ? -127f / signed : 0;
        for (var part = 0; part < 16; part++)
        {
            var sum = 0;
            for (var q = 4 * part; q < 4 * (part + 1); q++)
            {
                uint quad = 0;
                for (var i = 0; i < 4; i++)
                {
                    var code = Integers.RoundEven(inverse * x[from + (4 * q) + i]);
                    code = code > 127 ? 127 : code;
                    quad |= (uint)(code & 255) << (8 * i);
                    sum += code;
                }

                to.Codes[(from / 4) + q] = quad;
            }

            to.Sums[(16L * block) + part] = sum;
        }

        to.Scales[block] = largest != 0 ? 1 / inverse : 0;
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
    private static float Larger(float largest, float x)
    {
        var magnitude = x < 0 ? -x : x;
        return magnitude > largest ? magnitude : largest;
    }
}
