using ILGPU;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Products in the fabric's own arithmetic; see <see cref="HardwareNumerics"/>.</summary>
internal static class FabricProducts
{
    /// <summary>Open subtrees of a reduction of up to 2^16 banks.</summary>
    private const int Subtrees = 17;

    /// <summary>The fabric's formats: integers that saturate at the accumulator in a bank and at 32 bits between banks.</summary>
    public static void Rom(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y, long limit)
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        // Sums of the subtrees of the reduction that are not yet handed on; they close as in a binary counter (see RomKernel).
        var sums = LocalMemory.Allocate<int>(Subtrees);
        var open = 0;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            var accumulator = 0L;
            for (var b = first; b < last; b++, at += 4 * (1 + (4 * w.CodeBits)))
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (32 * b);
                var inputs = IntrinsicMath.Min(32, x.Inputs - (32 * b));
                var dot = 0;
                for (var i = 0; i < inputs; i++)
                    dot += RomCode.Of(block, w.CodeBits, i) * x.Wide[input + i];
                accumulator = Integers.Clamp(accumulator + ((long)(int)block.Single(0) * dot), -limit - 1, limit);
            }

            sums[open++] = (int)Integers.Clamp(accumulator, int.MinValue, int.MaxValue);
            for (var bank = s; (bank & 1) != 0; bank >>= 1, open--)
                sums[open - 2] = (int)Integers.Clamp((long)sums[open - 2] + sums[open - 1], int.MinValue, int.MaxValue);
        }

        for (; open > 1; open--)
            sums[open - 2] = (int)Integers.Clamp((long)sums[open - 2] + sums[open - 1], int.MinValue, int.MaxValue);
        y[index] = sums[0] * (w.ColumnScales[walk.Output] * x.Scales[walk.Row]);
    }

    /// <summary>GGUF types with integer codes: per sub-block sum += scale · Σ code·a − minimum · Σ a; the result is sum · s.</summary>
    public static void Integer<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * T.Weights);
                for (var part = 0; part < T.Weights / T.SubBlock; part++)
                {
                    int products = 0,
                        activations = 0,
                        quads = T.SubBlock / 4;
                    for (var q = part * quads; q < (part + 1) * quads; q++)
                    {
                        var codes = T.Quad(block, q);
                        for (var i = 0; i < 4; i++)
                        {
                            var a = x.Wide[input + (4 * q) + i];
                            products += (Integers.Byte(codes, i) - T.Offset) * a;
                            activations += a;
                        }
                    }

                    var minimum = T.MinimumScale(block) * T.MinimumStep(block, part);
                    sum += (T.Scale(block) * T.Step(block, part) * products) - (minimum * activations);
                }
            }
        }

        y[index] = sum * x.Scales[walk.Row];
    }

    /// <summary>Weights that are floats: weight · (s·a), added in float in order.</summary>
    public static void Float<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IFloatFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
                sum +=
                    T.Weight(new PanelBlock(w.Codes, w.Book, at, walk.Column))
                    * (x.Scales[walk.Row] * x.Wide[((long)walk.Row * x.Inputs) + b]);
        }

        y[index] = sum;
    }
}
