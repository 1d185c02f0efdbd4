using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The quantisers of <see cref="ScalarQuantizer"/> in 256-bit vectors; the same bits.</summary>
internal static unsafe class SimdQuantizer
{
    /// <summary>The largest float below a half: x plus it with the sign of x, cut to an integer, rounds half away from zero.</summary>
    private const float AlmostHalf = 0.49999997f;

    /// <summary>1.5·2^23: adding it leaves x rounded half to even in the low mantissa bits.</summary>
    private const float RoundingShift = 12582912f;

    /// <summary>Quantises one row into row <paramref name="row"/> of <paramref name="to"/>.</summary>
    public static void Quantize(float* x, Activations to, int row)
    {
        var n = to.Inputs;
        switch (to.Kind)
        {
            case ActivationKind.Q8_0 or ActivationKind.Q8_1:
                for (var b = 0; b < n / 32; b++)
                    Block32(x + (b * 32), to, (((long)row * n) / 32) + b);
                break;
            case ActivationKind.Q8_K:
                for (var b = 0; b < n / 256; b++)
                    Block256(x + (b * 256), to, (((long)row * n) / 256) + b);
                break;
            case ActivationKind.F32:
                Unsafe.CopyBlockUnaligned(to.Values + ((long)row * n), x, (uint)n * sizeof(float));
                break;
            case ActivationKind.F16:
                HalfVectors.Round(x, to.Values + ((long)row * n), n);
                Widen(to, row);
                break;
            default:
                ScalarQuantizer.Quantize(x, to, row);
                Widen(to, row);
                break;
        }
    }

    /// <summary>Fills <see cref="Activations.Doubles"/>.</summary>
    private static void Widen(Activations to, int row)
    {
        if (to.Doubles is null)
            return;
        var values = new ReadOnlySpan<float>(to.Values + ((long)row * to.Inputs), to.Inputs);
        var place = to.Doubles + ((long)row / 8 * 8 * to.Inputs) + (row % 8);
        var inRange = true;
        foreach (var value in values)
        {
            *place = value;
            place += 8;
            inRange &= value == 0 || MathF.Abs(value) is >= FloatRange.Smallest and <= FloatRange.Largest;
        }

        to.InRange[row] = inRange;
    }

    private static void Block32(float* x, Activations to, long block)
    {
        var largest = MathF.Max(LargestOf32(x), 0);
        var scale = largest / 127;
        var inverse = Vector256.Create(scale != 0 ? 1 / scale : 0);
        var codes = Pack(
            AwayFromZero(x, inverse),
            AwayFromZero(x + 8, inverse),
            AwayFromZero(x + 16, inverse),
            AwayFromZero(x + 24, inverse)
        );
        codes.Store(to.Codes + (block * 32));
        to.Scales[block] = HalfVectors.Round(scale);
        var sum = Vector256.Sum(SumsOfFour(codes));
        to.Starts[block] = BitConverter.SingleToInt32Bits(Activations.StartBase) - (to.Excess * sum);
        if (to.Kind == ActivationKind.Q8_1)
            to.Products[block] = HalfVectors.Round(sum * scale);
    }

    [SuppressMessage("Design", "MA0051", Justification = "The values of a block stay in registers only within one method.")]
    private static void Block256(float* x, Activations to, long block)
    {
        var largest = LargestOf32(x);
        for (var i = 32; i < 256; i += 32)
            largest = MathF.Max(largest, LargestOf32(x + i));
        var signed = 0f;
        for (var i = 0; i < 256; i += 8)
        {
            var at = Vector256.Equals(Vector256.Abs(Vector256.Load(x + i)), Vector256.Create(largest)).ExtractMostSignificantBits();
            if (at == 0)
                continue;
            signed = x[i + BitOperations.TrailingZeroCount(at)]; // the first of equals counts
            break;
        }

        var inverse = largest != 0 ? -127f / signed : 0;
        to.Scales[block] = largest != 0 ? 1 / inverse : 0;
        var factor = Vector256.Create(inverse);
        for (var s = block * 8; s < (block + 1) * 8; s++, x += 32)
        {
            var codes = Pack(ToEven(x, factor), ToEven(x + 8, factor), ToEven(x + 16, factor), ToEven(x + 24, factor));
            codes.Store(to.Codes + (s * 32));
            var fours = SumsOfFour(codes);
            short first = (short)Vector128.Sum(fours.GetLower()),
                second = (short)Vector128.Sum(fours.GetUpper());
            to.Sums16[2 * s] = first;
            to.Sums16[(2 * s) + 1] = second;
            to.Sums32[s] = (short)(first + second);

            // Dwords 0, 2, 4, 6 hold lanes 0…3, the others lanes 4…7; then four by four bytes are transposed.
            var groups = Avx2.PermuteVar8x32(codes.AsInt32(), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7)).AsByte();
            var lanes = Avx2.Shuffle(
                groups,
                Vector256.Create(
                    (byte)0,
                    4,
                    8,
                    12,
                    1,
                    5,
                    9,
                    13,
                    2,
                    6,
                    10,
                    14,
                    3,
                    7,
                    11,
                    15,
                    0,
                    4,
                    8,
                    12,
                    1,
                    5,
                    9,
                    13,
                    2,
                    6,
                    10,
                    14,
                    3,
                    7,
                    11,
                    15
                )
            );
            lanes.Store((byte*)to.Lanes + (s * 32));
            Avx2.Shuffle(
                    lanes,
                    Vector256.Create(
                        (byte)0,
                        1,
                        4,
                        5,
                        8,
                        9,
                        12,
                        13,
                        2,
                        3,
                        6,
                        7,
                        10,
                        11,
                        14,
                        15,
                        0,
                        1,
                        4,
                        5,
                        8,
                        9,
                        12,
                        13,
                        2,
                        3,
                        6,
                        7,
                        10,
                        11,
                        14,
                        15
                    )
                )
                .Store((byte*)to.Couples + (s * 32));
            Avx2.MultiplyAddAdjacent(Vector256<byte>.One, lanes.AsSByte()).Store(to.PairSums + (s * 16));
        }

        for (var at = block * 256; at < (block + 1) * 256; at += 64)
        {
            Vector256<short> first = Vector256.Load((short*)(to.Couples + at)),
                second = Vector256.Load((short*)(to.Couples + at + 32));
            Avx2.UnpackLow(first, second).Store((short*)(to.Quads + at));
            Avx2.UnpackHigh(first, second).Store((short*)(to.Quads + at + 32));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestOf32(float* x)
    {
        var a = Vector256.Max(Vector256.Abs(Vector256.Load(x)), Vector256.Abs(Vector256.Load(x + 8)));
        var b = Vector256.Max(Vector256.Abs(Vector256.Load(x + 16)), Vector256.Abs(Vector256.Load(x + 24)));
        a = Vector256.Max(a, b);
        var h = Vector128.Max(a.GetLower(), a.GetUpper());
        h = Vector128.Max(h, Vector128.Shuffle(h, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(h.GetElement(0), h.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AwayFromZero(float* x, Vector256<float> inverse)
    {
        var v = Vector256.Load(x) * inverse;
        var half = Vector256.Create(AlmostHalf) | (v & Vector256.Create(-0f));
        return Avx.ConvertToVector256Int32WithTruncation(v + half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToEven(float* x, Vector256<float> inverse)
    {
        var v = (Vector256.Load(x) * inverse) + Vector256.Create(RoundingShift);
        return Vector256.Min((v.AsInt32() & Vector256.Create(0x7FFFFF)) - Vector256.Create(0x400000), Vector256.Create(127));
    }

    /// <summary>Thirty-two integers to bytes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Pack(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) =>
        Avx2.PermuteVar8x32(
                Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(a, b), Avx2.PackSignedSaturate(c, d)).AsInt32(),
                Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)
            )
            .AsSByte();

    /// <summary>Sums of four neighbouring codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> SumsOfFour(Vector256<sbyte> codes) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256<byte>.One, codes), Vector256<short>.One);
}
