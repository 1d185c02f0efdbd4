using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>
/// The reference's dot product of one output with one input vector, block by block in GGUF order: the oracle of the fast kernels, and the
/// run-time path of machines without AVX2.
/// </summary>
internal static unsafe class ScalarProduct
{
    /// <summary>Adds <paramref name="count"/> blocks of one row of weights.</summary>
    /// <param name="format">Format of the weights.</param>
    /// <param name="blocks">Blocks in GGUF order.</param>
    /// <param name="count">Blocks.</param>
    /// <param name="x">Quantised activations.</param>
    /// <param name="row">Row of x.</param>
    /// <param name="input">Input that the first block begins at; a multiple of the block.</param>
    /// <param name="columnScale">The column's scale (fabric formats).</param>
    /// <param name="sum">Running sums.</param>
    public static void Add(CodeFormat format, byte* blocks, int count, Activations x, int row, int input, float columnScale, ScalarSum* sum)
    {
        for (var b = 0; b < count; b++, blocks += format.BlockBytes, input += format.BlockWeights)
        {
            var at = ((long)row * x.Inputs) + input;
            switch (x.Kind)
            {
                case ActivationKind.Q8_0 or ActivationKind.Q8One:
                    Blocks32.Add(format.GgmlType, blocks, x, at, sum);
                    break;
                case ActivationKind.Q8K:
                    Blocks256.Add(format.GgmlType, blocks, x, at, sum);
                    break;
                default:
                    FloatBlocks.Add(format, blocks, x.Values + at, columnScale, sum);
                    break;
            }
        }
    }

    /// <summary>The output's value once all blocks are added.</summary>
    public static float Finish(CodeFormat format, ScalarSum* sum)
    {
        switch (format.Name)
        {
            case "iq2_xxs" or "iq2_xs" or "iq2_s":
                return 0.125f * sum->Narrow;
            case "iq3_xxs":
                return 0.25f * sum->Narrow;
            case "q3_k" or "q4_k" or "q5_k" or "q6_k":
                var total = sum->Narrow;
                for (var lane = 0; lane < 8; lane++)
                    total += sum->Lanes[lane];
                return total;
            default:
                return format.IsFloat || format.GgmlType < 0 ? (float)sum->Wide : sum->Narrow;
        }
    }

    /// <summary>Refuses the types that the reference has no product for.</summary>
    /// <exception cref="InputException">Always for such a type.</exception>
    public static void Check(CodeFormat format)
    {
        if (format.Name is "f64")
            throw new InputException("a matrix of type f64 has no product in the reference; convert it to f32 or re-quantise it");
    }
}
