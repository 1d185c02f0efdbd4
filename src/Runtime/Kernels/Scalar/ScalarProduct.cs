using System.Runtime.CompilerServices;
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
            AddBlock(format, blocks, x, row, 1, input, columnScale, sum);
    }

    /// <summary>Adds one block to each of a run of vectors.</summary>
    /// <param name="format">Format of the weights.</param>
    /// <param name="block">The block.</param>
    /// <param name="x">Quantised activations.</param>
    /// <param name="row">First row of x.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="input">Input that the block begins at.</param>
    /// <param name="columnScale">The column's scale (fabric formats).</param>
    /// <param name="sums">Running sums: every sixteenth belongs to the next row.</param>
    [SkipLocalsInit]
    public static void AddBlock(
        CodeFormat format,
        byte* block,
        Activations x,
        int row,
        int rows,
        int input,
        float columnScale,
        ScalarSum* sums
    )
    {
        var bytes = new ReadOnlySpan<byte>(block, format.BlockBytes);
        if (format is IntegerFormat integer)
        {
            Unsafe.SkipInit(out BlockCodes codes);
            integer.Unpack(bytes, ref codes);
            for (var t = 0; t < rows; t++, sums += 16)
                IntegerProduct.Add(integer, ref codes, x, ((long)(row + t) * x.Inputs) + input, sums);
            return;
        }

        var weights = stackalloc float[format.BlockWeights];
        format.Decode(bytes, new Span<float>(weights, format.BlockWeights), columnScale);
        for (var t = 0; t < rows; t++, sums += 16)
        {
            var values = x.Values + ((long)(row + t) * x.Inputs) + input;
            for (var i = 0; i < format.BlockWeights; i++)
                sums->Wide += weights[i] * values[i];
        }
    }

    /// <summary>The output's value once all blocks are added.</summary>
    public static float Finish(CodeFormat format, ScalarSum* sum)
    {
        if (format is not IntegerFormat integer)
            return (float)sum->Wide;
        var total = sum->Narrow;
        if (integer.Order == SumOrder.EightLanes)
        {
            for (var lane = 0; lane < 8; lane++)
                total += sum->Lanes[lane];
        }

        return integer.OutputScale * total;
    }

    /// <summary>Refuses the types that the reference has no product for.</summary>
    /// <exception cref="InputException">Always for such a type.</exception>
    public static void Check(CodeFormat format)
    {
        if (!format.HasProduct)
            throw new InputException(
                $"a matrix of type {format.Name} has no product in the reference; convert it to f32 or re-quantise it"
            );
    }
}
