namespace TaalasSim.ChipModel.BankStyles;

/// <summary>
/// Integer arithmetic of a bank and of the reduction tree, one column at a time: the model that the hardware description is checked against
/// bit for bit.
/// </summary>
/// <remarks>
/// A column adds code × activation over a scale block of 32 rows, multiplies the block's sum by the block's unsigned 8-bit scale and adds
/// that to its accumulator, which saturates after every block. The sums of the banks of one output meet in a binomial tree (bank i hands
/// its sum to bank i − lowest set bit of i, lowest level first) whose adders saturate too.
/// </remarks>
public static class BankArithmetic
{
    /// <summary>Rows of a scale block of the fabric's formats.</summary>
    public const int BlockRows = 32;

    /// <summary>Bits of a block's scale.</summary>
    public const int ScaleBits = 8;

    /// <summary>Pipeline stages of a bank beside the turns of its scale units: products and ROM, selection and sum, scale,
    /// accumulator.</summary>
    public const int ScaleStages = 4;

    /// <summary>Rows that a bank with scale units takes for a vector: a last block shorter than the turns of a scale unit is filled up with
    /// zeros.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="columnsPerScaleUnit">Columns of a scale unit, 1…32.</param>
    public static int StreamRows(int rows, int columnsPerScaleUnit) =>
        rows + Math.Max(0, columnsPerScaleUnit - (((rows - 1) % BlockRows) + 1));

    /// <summary>Sum of one column of one bank.</summary>
    /// <param name="codes">Signed codes, one per row.</param>
    /// <param name="scales">Scales, one per block of 32 rows; the last block may be short.</param>
    /// <param name="activations">Signed activations, one per row.</param>
    /// <param name="accumulatorBits">Width of the saturating accumulator, 2…62.</param>
    public static long Column(ReadOnlySpan<int> codes, ReadOnlySpan<byte> scales, ReadOnlySpan<int> activations, int accumulatorBits)
    {
        long accumulator = 0;
        for (var from = 0; from < codes.Length; from += BlockRows)
        {
            long sum = 0;
            for (var row = from; row < Math.Min(codes.Length, from + BlockRows); row++)
                sum += (long)codes[row] * activations[row];
            accumulator = Saturate(accumulator + (scales[from / BlockRows] * sum), accumulatorBits);
        }

        return accumulator;
    }

    /// <summary>Sum of the banks of one output, reduced in place; the result is also in <c>sums[0]</c>.</summary>
    /// <param name="sums">One sum per input segment, at least one.</param>
    /// <param name="partialSumBits">Width of a sum on the reduction network.</param>
    public static long Reduce(Span<long> sums, int partialSumBits)
    {
        for (var step = 1; step < sums.Length; step *= 2)
        for (var i = 0; i + step < sums.Length; i += 2 * step)
            sums[i] = Saturate(sums[i] + sums[i + step], partialSumBits);
        return sums[0];
    }

    /// <summary>The nearest value that a two's complement number of <paramref name="bits"/> bits holds.</summary>
    public static long Saturate(long value, int bits)
    {
        var limit = 1L << (bits - 1);
        return Math.Clamp(value, -limit, limit - 1);
    }

    /// <summary>Gates with which each output of a shared adder takes its turn: choice of its code and of its sum; none without
    /// sharing.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="sumBits">Bits of a sum.</param>
    /// <param name="logic">Cells of the library.</param>
    internal static double SharedAdder(BankSpec bank, int sumBits, Technology.LogicConstants logic) =>
        bank.OutputsPerAdder > 1 ? (bank.CodeBits + sumBits) * logic.SelectorInputGe : 0;
}
