using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>The fabric's quantiser: one symmetric scale per vector.</summary>
internal static unsafe class VectorQuantizer
{
    /// <summary>
    /// s = max|x| / limit; a = clamp(round_half_even(x / s), ±limit). A zero vector has s = 0 and a = 0. Also keeps s·a as a float in
    /// <see cref="Activations.Values"/> for weights that are floats.
    /// </summary>
    public static void Quantize(float* x, Activations to, int row, int limit)
    {
        var n = to.Inputs;
        var largest = 0f;
        for (var i = 0; i < n; i++)
            largest = MathF.Max(largest, MathF.Abs(x[i]));
        var scale = largest / limit;
        to.Scales[row] = scale;
        short* wide = to.Wide + ((nint)row * n);
        float* values = to.Values + ((nint)row * n);
        for (var i = 0; i < n; i++)
        {
            var code = scale == 0 ? 0 : (int)MathF.Round(x[i] / scale, MidpointRounding.ToEven);
            wide[i] = (short)Math.Clamp(code, -limit, limit);
            values[i] = scale * wide[i];
        }
    }

    /// <summary>Rounds the keys or values of a token to what storage holds: F16 for 16 bits, else symmetric integers with one scale for
    /// each head.</summary>
    /// <param name="x">Elements, head after head.</param>
    /// <param name="y">Takes them as stored; may be <paramref name="x"/>.</param>
    /// <param name="width">Elements of all heads.</param>
    /// <param name="heads">KV heads.</param>
    /// <param name="bits">Bits of an element.</param>
    public static void RoundStored(float* x, float* y, int width, int heads, int bits)
    {
        var size = width / heads;
        for (var head = 0; head < heads; head++)
            RoundHead(x + (head * size), y + (head * size), size, bits);
    }

    private static void RoundHead(float* x, float* y, int count, int bits)
    {
        if (bits == 16)
        {
            HalfVectors.Round(x, y, count);
            return;
        }

        var largest = 0f;
        for (var i = 0; i < count; i++)
            largest = MathF.Max(largest, MathF.Abs(x[i]));
        float limit = (1 << (bits - 1)) - 1,
            scale = largest / limit;
        for (var i = 0; i < count; i++)
            y[i] = scale == 0 ? 0 : scale * Math.Clamp(MathF.Round(x[i] / scale, MidpointRounding.ToEven), -limit, limit);
    }
}
