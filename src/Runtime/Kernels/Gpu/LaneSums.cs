using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Q3_K to Q6_K: eight integer lanes (input mod 8) per block, each scaled and added to its own float; minima, with their sign turned, in a
/// ninth sum.
/// </summary>
internal readonly struct LaneSums<T> : ISumOrder
    where T : unmanaged, IIntegerFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    public static int Terms => T.HasMinimum ? 9 : 8;

    public static int Chains => T.HasMinimum ? 9 : 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SuppressMessage("Design", "MA0051", Justification = "The sums stay in registers only within one method.")]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride)
    {
        int l0 = 0,
            l1 = 0,
            l2 = 0,
            l3 = 0,
            l4 = 0,
            l5 = 0,
            l6 = 0,
            l7 = 0,
            minima = 0;
        for (var part = 0; part < 256 / T.SubBlock; part++)
        {
            int p0 = 0,
                p1 = 0,
                p2 = 0,
                p3 = 0,
                p4 = 0,
                p5 = 0,
                p6 = 0,
                p7 = 0;
            for (var q = part * T.SubBlock / 4; q < (part + 1) * T.SubBlock / 4; q += 4)
            {
                uint c0 = BlockDot.Codes<T>(block, q),
                    c1 = BlockDot.Codes<T>(block, q + 1),
                    c2 = BlockDot.Codes<T>(block, q + 2),
                    c3 = BlockDot.Codes<T>(block, q + 3),
                    a0 = x.Codes[(input / 4) + q],
                    a1 = x.Codes[(input / 4) + q + 1],
                    a2 = x.Codes[(input / 4) + q + 2],
                    a3 = x.Codes[(input / 4) + q + 3];
                p0 = BlockDot.One(c2, a2, 0, BlockDot.One(c0, a0, 0, p0));
                p1 = BlockDot.One(c2, a2, 1, BlockDot.One(c0, a0, 1, p1));
                p2 = BlockDot.One(c2, a2, 2, BlockDot.One(c0, a0, 2, p2));
                p3 = BlockDot.One(c2, a2, 3, BlockDot.One(c0, a0, 3, p3));
                p4 = BlockDot.One(c3, a3, 0, BlockDot.One(c1, a1, 0, p4));
                p5 = BlockDot.One(c3, a3, 1, BlockDot.One(c1, a1, 1, p5));
                p6 = BlockDot.One(c3, a3, 2, BlockDot.One(c1, a1, 2, p6));
                p7 = BlockDot.One(c3, a3, 3, BlockDot.One(c1, a1, 3, p7));
            }

            var step = T.Step(block, part);
            l0 += step * p0;
            l1 += step * p1;
            l2 += step * p2;
            l3 += step * p3;
            l4 += step * p4;
            l5 += step * p5;
            l6 += step * p6;
            l7 += step * p7;
            if (T.HasMinimum)
                minima += T.MinimumStep(block, part) * (x.Sums[(input / 16) + (2 * part)] + x.Sums[(input / 16) + (2 * part) + 1]);
        }

        var dx = x.Scales[input / 256];
        var scale = T.Scale(block) * dx;
        terms[at] = scale * l0;
        terms[at + stride] = scale * l1;
        terms[at + (2 * stride)] = scale * l2;
        terms[at + (3 * stride)] = scale * l3;
        terms[at + (4 * stride)] = scale * l4;
        terms[at + (5 * stride)] = scale * l5;
        terms[at + (6 * stride)] = scale * l6;
        terms[at + (7 * stride)] = scale * l7;
        if (T.HasMinimum)
            terms[at + (8 * stride)] = -(T.MinimumScale(block) * dx * minima);
    }
}
