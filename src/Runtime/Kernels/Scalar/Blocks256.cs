using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>
/// Formats whose partner is Q8_K. Q3_K to Q6_K keep eight lanes of integer sums (element index mod 8), turned to float once per block; the
/// others one sum.
/// </summary>
internal static unsafe class Blocks256
{
    public static void Add(int type, byte* w, Activations x, long at, ScalarSum* sum)
    {
        switch (type)
        {
            case 10:
                Q2K(w, x, at, sum);
                break;
            case 11:
                Q3K(w, x, at, sum);
                break;
            case 12 or 13:
                Q45K(w, x, at, sum, five: type == 13);
                break;
            case 14:
                Q6K(w, x, at, sum);
                break;
            case 23:
                Iq4Xs(w, x, at, sum);
                break;
            case 34:
                Tq1(w, x, at, sum);
                break;
            case 35:
                Tq2(w, x, at, sum);
                break;
            default:
                IqBlocks.Add(type, w, x, at, sum);
                break;
        }
    }

    /// <summary>Scale k of Q3_K's twelve packed bytes, 0…63.</summary>
    public static int Q3Scale(byte* s, int k)
    {
        var low = k < 8 ? s[k] & 15 : s[k - 8] >> 4;
        return low | (((s[8 + (k % 4)] >> (2 * (k / 4))) & 3) << 4);
    }

    /// <summary>Scale and minimum k of the twelve packed bytes of Q4_K and Q5_K, 0…63.</summary>
    public static (int Scale, int Minimum) Q4Scale(byte* s, int k) =>
        k < 4 ? (s[k] & 63, s[k + 4] & 63) : ((s[k + 4] & 15) | ((s[k - 4] >> 6) << 4), (s[k + 4] >> 4) | ((s[k] >> 6) << 4));

    private static void Q2K(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var a = x.Codes + at;
        int codes = 0,
            minima = 0;
        for (var j = 0; j < 16; j++)
        {
            var part = 0;
            for (var i = 16 * j; i < 16 * (j + 1); i++)
                part += ((w[16 + (32 * (i / 128)) + (i % 32)] >> (2 * (i % 128 / 32))) & 3) * a[i];
            codes += (w[j] & 15) * part;
            minima += x.Sums16[(at / 16) + j] * (w[j] >> 4);
        }

        var dx = x.Scales[at / 256];
        sum->Narrow += (dx * (float)*(Half*)(w + 80) * codes) - (dx * (float)*(Half*)(w + 82) * minima);
    }

    private static void Q3K(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var lanes = stackalloc int[8];
        for (var i = 0; i < 256; i++)
        {
            int l = i % 32,
                j = i / 32;
            var code = ((w[32 + (32 * (i / 128)) + l] >> (2 * (j % 4))) & 3) - (((w[l] >> j) & 1) != 0 ? 0 : 4);
            lanes[i % 8] += (Q3Scale(w + 96, i / 16) - 32) * (code * x.Codes[at + i]);
        }

        AddLanes(lanes, (float)*(Half*)(w + 108) * x.Scales[at / 256], sum);
    }

    private static void Q45K(byte* w, Activations x, long at, ScalarSum* sum, bool five)
    {
        var lanes = stackalloc int[8];
        var q = w + (five ? 48 : 16);
        var minima = 0;
        for (var s = 0; s < 8; s++)
        {
            var (scale, minimum) = Q4Scale(w + 4, s);
            minima += x.Sums32[(at / 32) + s] * minimum;
            for (var l = 0; l < 32; l++)
            {
                var code = (q[(32 * (s / 2)) + l] >> (4 * (s % 2))) & 15;
                if (five)
                    code |= ((w[16 + l] >> s) & 1) << 4;
                lanes[l % 8] += scale * (code * x.Codes[at + (32 * s) + l]);
            }
        }

        var dx = x.Scales[at / 256];
        AddLanes(lanes, (float)*(Half*)w * dx, sum);
        sum->Narrow -= (float)((Half*)w)[1] * dx * minima;
    }

    private static void Q6K(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var lanes = stackalloc int[8];
        for (var i = 0; i < 256; i++)
        {
            int n = i / 128,
                j = i % 128 / 32,
                l = i % 32;
            var low = (w[(64 * n) + (32 * (j & 1)) + l] >> (4 * (j / 2))) & 15;
            var high = (w[128 + (32 * n) + l] >> (2 * j)) & 3;
            lanes[i % 8] += (sbyte)w[192 + (i / 16)] * (((low | (high << 4)) - 32) * x.Codes[at + i]);
        }

        AddLanes(lanes, (float)*(Half*)(w + 208) * x.Scales[at / 256], sum);
    }

    private static void AddLanes(int* lanes, float scale, ScalarSum* sum)
    {
        for (var lane = 0; lane < 8; lane++)
            sum->Lanes[lane] += scale * lanes[lane];
    }

    private static void Iq4Xs(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var scale = (float)*(Half*)w * x.Scales[at / 256];
        int high = *(ushort*)(w + 2);
        for (var b = 0; b < 8; b++)
        {
            var code = ((w[4 + (b / 2)] >> (4 * (b % 2))) & 15) | (((high >> (2 * b)) & 3) << 4);
            var total = 0;
            for (var i = 0; i < 16; i++)
            {
                var q = w[8 + (16 * b) + i];
                total +=
                    (CodebookValues.Iq4[q & 15] * x.Codes[at + (32 * b) + i])
                    + (CodebookValues.Iq4[q >> 4] * x.Codes[at + (32 * b) + 16 + i]);
            }

            sum->Narrow += scale * (code - 32) * total;
        }
    }

    private static void Tq1(byte* w, Activations x, long at, ScalarSum* sum)
    {
        ReadOnlySpan<byte> powers = [1, 3, 9, 27, 81];
        var total = 0;
        for (var e = 0; e < 256; e++)
        {
            var (b, t) = e switch
            {
                < 160 => (w[e % 32], e / 32),
                < 240 => (w[32 + (e % 16)], (e - 160) / 16),
                _ => (w[48 + (e % 4)], (e - 240) / 4),
            };
            var q = (byte)(b * powers[t]);
            total += (((q * 3) >> 8) - 1) * x.Codes[at + e];
        }

        sum->Narrow += total * ((float)*(Half*)(w + 52) * x.Scales[at / 256]);
    }

    private static void Tq2(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var total = 0;
        for (var e = 0; e < 256; e++)
            total += (((w[(32 * (e / 128)) + (e % 32)] >> (2 * (e % 128 / 32))) & 3) - 1) * x.Codes[at + e];
        sum->Narrow += total * (x.Scales[at / 256] * (float)*(Half*)(w + 64));
    }
}
