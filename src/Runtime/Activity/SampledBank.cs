using System.Numerics;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Activity;

/// <summary>One panel of a matrix in one bank, read from the weights layer: its codes column by column, and its stored ones.</summary>
internal sealed class SampledBank
{
    private SampledBank(PanelSegment place, short[][]? columns, long ones, long bits, long zeros, long weights)
    {
        (InputStart, Rows, Columns, StoredOnes, StoredBits) = (place.InputStart, place.Rows, columns, ones, bits);
        (ZeroWeights, Weights) = (zeros, weights);
    }

    /// <summary>First input of the bank.</summary>
    public int InputStart { get; }

    /// <summary>Inputs of the bank.</summary>
    public int Rows { get; }

    /// <summary>[column][row]; null where the format has no integer codes.</summary>
    public short[][]? Columns { get; }

    /// <summary>Stored bits that are 1, scales included.</summary>
    public long StoredOnes { get; }

    /// <summary>Stored bits.</summary>
    public long StoredBits { get; }

    /// <summary>Weights that are 0.</summary>
    public long ZeroWeights { get; }

    /// <summary>Weights.</summary>
    public long Weights { get; }

    /// <summary>Reads the bank.</summary>
    /// <param name="matrix">Matrix.</param>
    /// <param name="panel">Panel of it.</param>
    /// <param name="segment">Segment of the panel.</param>
    public static unsafe SampledBank Of(BankedMatrix matrix, int panel, int segment)
    {
        var (format, place) = (matrix.Format, matrix.Panels[(panel * matrix.Segments) + segment]);
        var (used, blocks) = (matrix.ColumnsOf(panel), place.Rows / format.BlockWeights);
        int[] units = [.. format.Units];
        var integer = format is IntegerFormat { HasIntegerCodes: true } codes ? codes : null;
        var hasCodes = integer is not null || format is RomFormat;
        var columns = new short[used][];
        long ones = 0,
            zeros = 0;
        var block = new byte[format.BlockBytes];
        var values = new float[format.BlockWeights];
        for (var c = 0; c < used; c++)
        {
            columns[c] = new short[place.Rows];
            for (var b = 0; b < blocks; b++)
            {
                fixed (byte* to = block)
                    PanelBlocks.Gather(units, (byte*)place.Address + ((long)b * PanelLayout.BlockRowBytes(format)), c, to);
                ones += block.Sum(x => (long)BitOperations.PopCount(x));
                format.Decode(block, values);
                zeros += values.Count(v => v == 0);
                if (hasCodes)
                    Codes(format, integer, block, columns[c].AsSpan(b * format.BlockWeights, format.BlockWeights));
            }
        }

        var weights = (long)used * place.Rows;
        return new(place, hasCodes ? columns : null, ones, 8L * used * blocks * format.BlockBytes, zeros, weights);
    }

    private static void Codes(CodeFormat format, IntegerFormat? integer, ReadOnlySpan<byte> block, Span<short> codes)
    {
        if (integer is not null)
        {
            BlockCodes unpacked = default;
            integer.Unpack(block, ref unpacked);
            for (var i = 0; i < codes.Length; i++)
                codes[i] = unpacked.Codes[i];
            return;
        }

        // A scale byte, then signed codes bit after bit.
        for (var i = 0; i < codes.Length; i++)
        {
            var code = 0;
            for (var bit = 0; bit < format.CodeBits; bit++)
            {
                var at = 8 + (i * format.CodeBits) + bit;
                code |= (block[at / 8] >> (at % 8) & 1) << bit;
            }

            codes[i] = (short)(code << (32 - format.CodeBits) >> (32 - format.CodeBits));
        }
    }
}
