using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>The product of a block of integer codes with quantised activations, rounded in the reference's order.</summary>
internal static unsafe class IntegerProduct
{
    /// <summary>Adds a block.</summary>
    /// <param name="format">Format of the weights.</param>
    /// <param name="w">The block.</param>
    /// <param name="x">Activations of the format's kind.</param>
    /// <param name="at">Element of x that the block begins at, counted over all rows.</param>
    /// <param name="sum">Running sums.</param>
    public static void Add(IntegerFormat format, ref BlockCodes w, Activations x, long at, ScalarSum* sum)
    {
        switch (format.Order)
        {
            case SumOrder.SumFirst:
                sum->Narrow += Dot(w.Codes[..format.BlockWeights], x.Codes + at) * w.Scale * Scale(x, at);
                break;
            case SumOrder.ScaleFirst:
                ScaleFirst(format, ref w, x, at, sum);
                break;
            case SumOrder.ScaleLast:
                var parts = 0f;
                for (var i = 0; i < format.BlockWeights; i += 32)
                    parts += Scale(x, at + i) * Dot(w.Codes.Slice(i, 32), x.Codes + at + i);
                sum->Narrow += w.Scale * parts;
                break;
            case SumOrder.OneSum:
                OneSum(format, ref w, x, at, sum);
                break;
            default:
                EightLanes(format, ref w, x, at, sum);
                break;
        }
    }

    private static void ScaleFirst(IntegerFormat format, ref BlockCodes w, Activations x, long at, ScalarSum* sum)
    {
        var size = format.SubBlock;
        for (var s = 0; s < format.BlockWeights / size; s++)
        {
            var from = at + (s * size);
            var term = w.Scale * Scale(x, from) * w.Steps[s] * Dot(w.Codes.Slice(s * size, size), x.Codes + from);
            if (format.HasMinimum)
                term -= w.MinimumScale * w.MinimumSteps[s] * x.Products[from / 32];
            sum->Narrow += term;
        }
    }

    private static void OneSum(IntegerFormat format, ref BlockCodes w, Activations x, long at, ScalarSum* sum)
    {
        var size = format.SubBlock;
        var codes = 0;
        for (var s = 0; s < format.BlockWeights / size; s++)
            codes += w.Steps[s] * Dot(w.Codes.Slice(s * size, size), x.Codes + at + (s * size));
        var dx = Scale(x, at);
        var term = dx * w.Scale * codes;
        if (format.HasMinimum)
            term -= dx * w.MinimumScale * Minima(format, ref w, x, at);
        sum->Narrow += term;
    }

    private static void EightLanes(IntegerFormat format, ref BlockCodes w, Activations x, long at, ScalarSum* sum)
    {
        var lanes = stackalloc int[8];
        new Span<int>(lanes, 8).Clear();
        for (var s = 0; s < format.BlockWeights / format.SubBlock; s++)
        {
            for (var i = s * format.SubBlock; i < (s + 1) * format.SubBlock; i++)
                lanes[i % 8] += w.Steps[s] * (w.Codes[i] * x.Codes[at + i]);
        }

        var dx = Scale(x, at);
        var scale = w.Scale * dx;
        for (var lane = 0; lane < 8; lane++)
            sum->Lanes[lane] += scale * lanes[lane];
        if (format.HasMinimum)
            sum->Narrow -= w.MinimumScale * dx * Minima(format, ref w, x, at);
    }

    private static int Minima(IntegerFormat format, ref BlockCodes w, Activations x, long at)
    {
        var minima = 0;
        for (var i = 0; i < format.BlockWeights; i += 16)
            minima += w.MinimumSteps[i / format.SubBlock] * x.Sums16[(at + i) / 16];
        return minima;
    }

    private static float Scale(Activations x, long at) => x.Scales[at / (x.Kind == ActivationKind.Q8_K ? 256 : 32)];

    private static int Dot(ReadOnlySpan<sbyte> codes, sbyte* x)
    {
        var sum = 0;
        for (var i = 0; i < codes.Length; i++)
            sum += codes[i] * x[i];
        return sum;
    }
}
