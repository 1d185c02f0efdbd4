using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>Any GGUF format, one column after the other.</summary>
internal sealed unsafe class ColumnSpreader(CodeFormat format) : RowSpreader
{
    private readonly int[] units = [.. format.Units];
    private readonly IntegerFormat? integer = format.HasIntegerCodes ? (IntegerFormat)format : null;

    [SkipLocalsInit]
    public override void Spread(byte* row, int columns, SpreadRow* to)
    {
        var block = stackalloc byte[256];
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, row, c, block);
            if (integer is not null)
                SpreadCodes(integer, block, c, to);
            else
                SpreadFloats(block, c, to);
        }

        if (integer is not null)
            WordPairs.Pack(to->Codes, format.BlockWeights);
    }

    [SkipLocalsInit]
    private static void SpreadCodes(IntegerFormat format, byte* block, int column, SpreadRow* to)
    {
        Unsafe.SkipInit(out BlockCodes w);
        format.Unpack(new ReadOnlySpan<byte>(block, format.BlockBytes), ref w);
        for (var i = 0; i < format.BlockWeights; i++)
            to->Codes[(16 * i) + column] = w.Codes[i];
        for (var s = 0; s < format.BlockWeights / format.SubBlock; s++)
        {
            to->Scales[(16 * s) + column] = w.Scale * w.Steps[s];
            to->Minima[(16 * s) + column] = format.HasMinimum ? w.MinimumScale * w.MinimumSteps[s] : 0;
        }
    }

    [SkipLocalsInit]
    private void SpreadFloats(byte* block, int column, SpreadRow* to)
    {
        var weights = stackalloc float[256];
        format.Decode(new ReadOnlySpan<byte>(block, format.BlockBytes), new Span<float>(weights, format.BlockWeights));
        for (var i = 0; i < format.BlockWeights; i++)
            ((float*)to->Codes)[(16 * i) + column] = weights[i];
    }
}
