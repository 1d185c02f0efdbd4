using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>
/// The code-book formats of one to three bits against Q8_K: integer sums over a whole block, odd integer scales, and one float product per
/// block. ib counts sub-blocks of 32 weights, l groups of eight in it.
/// </summary>
internal static unsafe class IqBlocks
{
    public static void Add(int type, byte* w, Activations x, long at, ScalarSum* sum)
    {
        var a = x.Codes + at;
        var dx = x.Scales[at / 256];
        sum->Narrow += type switch
        {
            16 => (float)*(Half*)w * dx * Iq2Xxs(w + 2, a),
            17 => (float)*(Half*)w * dx * Iq2Xs(w, a),
            18 => (float)*(Half*)w * dx * Iq3Xxs(w, a),
            19 => Iq1S(w, a, x.Sums32 + (at / 32), dx),
            21 => (float)*(Half*)w * dx * Iq3S(w, a),
            22 => (float)*(Half*)w * dx * Iq2S(w, a),
            29 => Iq1M(w, a, dx),
            _ => throw new InvalidOperationException($"type {type} has no Q8_K product"),
        };
    }

    private static int Group(ReadOnlySpan<sbyte> magnitudes, int signs, sbyte* a)
    {
        var sum = 0;
        for (var i = 0; i < magnitudes.Length; i++)
            sum += ((signs >> i) & 1) != 0 ? -(magnitudes[i] * a[i]) : magnitudes[i] * a[i];
        return sum;
    }

    private static int Iq2Xxs(byte* q, sbyte* a)
    {
        var total = 0;
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = *(uint*)(q + (8 * ib) + 4);
            var part = 0;
            for (var l = 0; l < 4; l++)
                part += Group(
                    CodebookGrids.Iq2Xxs.Slice(8 * q[(8 * ib) + l], 8),
                    CodebookGrids.Signs(packed >> (7 * l)),
                    a + (32 * ib) + (8 * l)
                );
            total += part * ((2 * (int)(packed >> 28)) + 1);
        }

        return total;
    }

    private static int Iq2Xs(byte* w, sbyte* a)
    {
        var total = 0;
        for (var g = 0; g < 32; g++)
        {
            int packed = ((ushort*)(w + 2))[g];
            total +=
                ScaleOfHalf(w + 66, g)
                * Group(CodebookGrids.Iq2Xs.Slice(8 * (packed & 511), 8), CodebookGrids.Signs((uint)packed >> 9), a + (8 * g));
        }

        return total;
    }

    private static int Iq2S(byte* w, sbyte* a)
    {
        var total = 0;
        for (var g = 0; g < 32; g++)
        {
            var code = w[2 + g] | ((w[66 + (g / 4)] << (8 - (2 * (g % 4)))) & 0x300);
            total += ScaleOfHalf(w + 74, g) * Group(CodebookGrids.Iq2S.Slice(8 * code, 8), w[34 + g], a + (8 * g));
        }

        return total;
    }

    /// <summary>2·nibble + 1; one nibble per sixteen weights.</summary>
    private static int ScaleOfHalf(byte* scales, int group) => (2 * ((scales[group / 4] >> (4 * (group % 4 / 2))) & 15)) + 1;

    private static int Iq3Xxs(byte* w, sbyte* a)
    {
        var total = 0;
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = *(uint*)(w + 66 + (4 * ib));
            var part = 0;
            for (var g = 0; g < 8; g++)
            {
                int signs = CodebookGrids.Signs(packed >> (7 * (g / 2)));
                part += Group(CodebookGrids.Iq3Xxs.Slice(4 * w[2 + (8 * ib) + g], 4), signs >> (4 * (g % 2)), a + (32 * ib) + (4 * g));
            }

            total += part * ((2 * (int)(packed >> 28)) + 1);
        }

        return total;
    }

    private static int Iq3S(byte* w, sbyte* a)
    {
        var total = 0;
        for (var ib = 0; ib < 8; ib++)
        {
            var part = 0;
            for (var g = 0; g < 8; g++)
            {
                var code = w[2 + (8 * ib) + g] | (((w[66 + ib] >> g) & 1) << 8);
                part += Group(CodebookGrids.Iq3S.Slice(4 * code, 4), w[74 + (4 * ib) + (g / 2)] >> (4 * (g % 2)), a + (32 * ib) + (4 * g));
            }

            total += part * ((2 * ((w[106 + (ib / 2)] >> (4 * (ib % 2))) & 15)) + 1);
        }

        return total;
    }

    private static float Iq1S(byte* w, sbyte* a, short* sums, float dx)
    {
        int codes = 0,
            shifts = 0;
        for (var ib = 0; ib < 8; ib++)
        {
            int packed = ((ushort*)(w + 34))[ib];
            var scale = (2 * ((packed >> 12) & 7)) + 1;
            var part = 0;
            for (var l = 0; l < 4; l++)
                part += Group(
                    CodebookGrids.Iq1.Slice(8 * (w[2 + (4 * ib) + l] | (((packed >> (3 * l)) & 7) << 8)), 8),
                    0,
                    a + (32 * ib) + (8 * l)
                );
            codes += scale * part;
            shifts += (packed & 0x8000) != 0 ? -(scale * sums[ib]) : scale * sums[ib];
        }

        return (float)*(Half*)w * dx * (codes + (0.125f * shifts));
    }

    private static float Iq1M(byte* w, sbyte* a, float dx)
    {
        var s = (ushort*)(w + 48);
        var d = (float)
            BitConverter.UInt16BitsToHalf((ushort)((s[0] >> 12) | ((s[1] >> 8) & 0xF0) | ((s[2] >> 4) & 0xF00) | (s[3] & 0xF000)));
        int codes = 0,
            shifts = 0;
        for (var g = 0; g < 32; g++)
        {
            int ib = g / 4,
                l = g % 4;
            var top = w[32 + (g / 2)] >> (4 * (g % 2));
            var scale = (2 * ((s[ib / 2] >> ((6 * (ib % 2)) + (3 * (l / 2)))) & 7)) + 1;
            codes += scale * Group(CodebookGrids.Iq1.Slice(8 * (w[g] | ((top & 7) << 8)), 8), 0, a + (8 * g));
            var sum = 0;
            for (var i = 0; i < 8; i++)
                sum += a[(8 * g) + i];
            shifts += (top & 8) != 0 ? -(scale * sum) : scale * sum;
        }

        return d * dx * (codes + (0.125f * shifts));
    }
}
