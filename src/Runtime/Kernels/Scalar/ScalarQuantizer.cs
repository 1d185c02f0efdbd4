using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>
/// The reference's activation quantisers, one element after the other. Source: the rules of ggml's scalar path (Q8_0 and Q8_1 round half
/// away from zero with the reciprocal of the unrounded scale; Q8_K rounds half to even).
/// </summary>
internal static unsafe class ScalarQuantizer
{
    /// <summary>Quantises one row into row <paramref name="row"/> of <paramref name="to"/>, whose kind says how.</summary>
    public static void Quantize(float* x, Activations to, int row)
    {
        var n = to.Inputs;
        switch (to.Kind)
        {
            case ActivationKind.Q8_0 or ActivationKind.Q8_1:
                for (var b = 0; b < n / 32; b++)
                    Block32(x + (b * 32), to, ((long)row * n) + (b * 32), ((long)row * (n / 32)) + b);
                break;
            case ActivationKind.Q8_K:
                for (var b = 0; b < n / 256; b++)
                    Block256(x + (b * 256), to, ((long)row * n) + (b * 256));
                break;
            default:
                for (var i = 0; i < n; i++)
                    to.Values[((long)row * n) + i] = Round(to.Kind, x[i]);
                break;
        }
    }

    /// <summary>x as the float kinds hold it.</summary>
    public static float Round(ActivationKind kind, float x) =>
        kind switch
        {
            ActivationKind.F16 => (float)(Half)x,
            ActivationKind.Bf16 => ToBf16(x),
            _ => x,
        };

    private static float ToBf16(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        bits = float.IsNaN(x) ? bits | 0x400000 : bits + 0x7FFF + ((bits >> 16) & 1);
        return BitConverter.UInt32BitsToSingle(bits & 0xFFFF0000);
    }

    private static void Block32(float* x, Activations to, long at, long block)
    {
        var largest = 0f;
        for (var i = 0; i < 32; i++)
            largest = MathF.Max(largest, MathF.Abs(x[i]));
        var scale = largest / 127;
        var inverse = scale != 0 ? 1 / scale : 0;
        var sum = 0;
        for (var i = 0; i < 32; i++)
        {
            var code = (sbyte)MathF.Round(x[i] * inverse, MidpointRounding.AwayFromZero);
            to.Codes[at + i] = code;
            sum += code;
        }

        to.Scales[block] = (float)(Half)scale;
        to.Starts[block] = BitConverter.SingleToInt32Bits(Activations.StartBase) - (to.Excess * sum);
        to.Products[block] = (float)(Half)(sum * scale);
    }

    private static void Block256(float* x, Activations to, long at)
    {
        float largest = 0,
            signed = 0;
        for (var i = 0; i < 256; i++)
        {
            if (MathF.Abs(x[i]) <= largest)
                continue;
            largest = MathF.Abs(x[i]);
            signed = x[i];
        }

        var inverse = largest != 0 ? -127f / signed : 0;
        for (var i = 0; i < 256; i++)
            to.Codes[at + i] = (sbyte)Math.Min(127, (int)MathF.Round(inverse * x[i], MidpointRounding.ToEven));
        to.Scales[at / 256] = largest != 0 ? 1 / inverse : 0;
        Arrange(to, at);
    }

    /// <summary>Fills the derived orders and sums of one Q8_K block from its codes.</summary>
    private static void Arrange(Activations to, long at)
    {
        for (var s = at; s < at + 256; s += 32)
        {
            for (var lane = 0; lane < 8; lane++)
            for (var k = 0; k < 4; k++)
            {
                to.Lanes[s + (lane * 4) + k] = to.Codes[s + (8 * k) + lane];
                to.Couples[s + (lane / 4 * 16) + (k / 2 * 8) + (lane % 4 * 2) + (k % 2)] = to.Codes[s + (8 * k) + lane];
                to.Quads[(s & ~63) + (k / 2 * 32) + (lane / 4 * 16) + (lane % 4 * 4) + (s / 32 % 2 * 2) + (k % 2)] = to.Codes[
                    s + (8 * k) + lane
                ];
            }

            for (var p = 0; p < 16; p++)
                to.PairSums[(s / 2) + p] = (short)(to.Lanes[s + (2 * p)] + to.Lanes[s + (2 * p) + 1]);
        }

        for (var b = at / 16; b < (at + 256) / 16; b++)
        {
            var sum = 0;
            for (var i = 0; i < 16; i++)
                sum += to.Codes[(b * 16) + i];
            to.Sums16[b] = (short)sum;
        }

        for (var b = at / 32; b < (at + 256) / 32; b++)
            to.Sums32[b] = (short)(to.Sums16[2 * b] + to.Sums16[(2 * b) + 1]);
    }
}
