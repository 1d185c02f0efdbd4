using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>Formats whose partner is Q8_0 or Q8_1: integer sums in a block, scaled and added in float in the order of the
/// reference.</summary>
internal static unsafe class Blocks32
{
    public static void Add(int type, byte* w, Activations x, long at, ScalarSum* sum)
    {
        var a = x.Codes + at;
        var dx = x.Scales[at / 32];
        var dw = (float)*(Half*)w;
        switch (type)
        {
            case 2:
                sum->Narrow += Nibbles(w + 2, a, 8) * dw * dx;
                break;
            case 3:
                sum->Narrow += (dw * dx * Nibbles(w + 4, a, 0)) + ((float)((Half*)w)[1] * x.Products[at / 32]);
                break;
            case 6:
                sum->Narrow += dw * dx * FiveBits(w + 6, *(uint*)(w + 2), a, 16);
                break;
            case 7:
                sum->Narrow += (dw * dx * FiveBits(w + 8, *(uint*)(w + 4), a, 0)) + ((float)((Half*)w)[1] * x.Products[at / 32]);
                break;
            case 8:
                var total = 0;
                for (var i = 0; i < 32; i++)
                    total += (sbyte)w[2 + i] * a[i];
                sum->Narrow += total * (dw * dx);
                break;
            case 20:
                sum->Narrow += dx * dw * Table(w + 2, a, CodebookValues.Iq4);
                break;
            case 39:
                sum->Narrow += dx * CodebookValues.HalfE8M0(w[0]) * Table(w + 1, a, CodebookValues.Fp4Doubled);
                break;
            case 40:
                NvFp4(w, x, at, sum);
                break;
            case 41:
                OneBit(w, x, at, sum);
                break;
            case 42:
                TwoBits(w, x, at, sum);
                break;
            default:
                throw new InvalidOperationException($"type {type} has no Q8_0 or Q8_1 product");
        }
    }

    private static int Nibbles(byte* q, sbyte* a, int offset)
    {
        var sum = 0;
        for (var i = 0; i < 16; i++)
            sum += (((q[i] & 15) - offset) * a[i]) + (((q[i] >> 4) - offset) * a[i + 16]);
        return sum;
    }

    private static int FiveBits(byte* q, uint high, sbyte* a, int offset)
    {
        var sum = 0;
        for (var i = 0; i < 16; i++)
        {
            var first = (q[i] & 15) | (int)(((high >> i) & 1) << 4);
            var second = (q[i] >> 4) | (int)(((high >> (i + 16)) & 1) << 4);
            sum += ((first - offset) * a[i]) + ((second - offset) * a[i + 16]);
        }

        return sum;
    }

    private static int Table(byte* q, sbyte* a, ReadOnlySpan<sbyte> table)
    {
        var sum = 0;
        for (var i = 0; i < 16; i++)
            sum += (table[q[i] & 15] * a[i]) + (table[q[i] >> 4] * a[i + 16]);
        return sum;
    }

    private static void NvFp4(byte* w, Activations x, long at, ScalarSum* sum)
    {
        for (var s = 0; s < 4; s++)
        {
            var total = 0;
            for (var i = 0; i < 8; i++)
            {
                var q = w[4 + (8 * s) + i];
                total +=
                    (CodebookValues.Fp4Doubled[q & 15] * x.Codes[at + (16 * s) + i])
                    + (CodebookValues.Fp4Doubled[q >> 4] * x.Codes[at + (16 * s) + 8 + i]);
            }

            sum->Narrow += x.Scales[(at / 32) + (s / 2)] * CodebookValues.HalfUE4M3(w[s]) * total;
        }
    }

    private static void OneBit(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var blocks = 0f;
        for (var k = 0; k < 4; k++)
        {
            var total = 0;
            for (var i = 32 * k; i < 32 * (k + 1); i++)
                total += ((w[2 + (i / 8)] >> (i % 8)) & 1) != 0 ? x.Codes[at + i] : -x.Codes[at + i];
            blocks += x.Scales[(at / 32) + k] * total;
        }

        sum->Narrow += (float)*(Half*)w * blocks;
    }

    private static void TwoBits(byte* w, Activations x, long at, ScalarSum* sum)
    {
        var blocks = 0f;
        for (var k = 0; k < 2; k++)
        {
            var total = 0;
            for (var i = 32 * k; i < 32 * (k + 1); i++)
                total += (((w[2 + (i / 4)] >> (2 * (i % 4))) & 3) - 1) * x.Codes[at + i];
            blocks += x.Scales[(at / 32) + k] * total;
        }

        sum->Narrow += (float)*(Half*)w * blocks;
    }
}
