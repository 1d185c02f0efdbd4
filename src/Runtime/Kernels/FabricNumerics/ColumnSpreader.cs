using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>Any GGUF format, one column after the other.</summary>
internal sealed unsafe class ColumnSpreader(CodeFormat format) : RowSpreader
{
    private readonly int[] units = [.. format.Units];
    private readonly bool integer = SubBlocks.Holds(format.GgmlType);

    [SkipLocalsInit]
    public override void Spread(byte* row, int columns, SpreadRow* to)
    {
        var block = stackalloc byte[256];
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, row, c, block);
            if (integer)
                SpreadCodes(block, c, to);
            else
                SpreadFloats(block, c, to);
        }

        if (integer)
            WordPairs.Pack(to->Codes, format.BlockWeights);
    }

    [SkipLocalsInit]
    private void SpreadCodes(byte* block, int column, SpreadRow* to)
    {
        Unsafe.SkipInit(out SubBlocks sub);
        sub.Decode(format.GgmlType, block);
        for (var i = 0; i < format.BlockWeights; i++)
            to->Codes[(16 * i) + column] = sub.Codes[i];
        for (var s = 0; s < format.BlockWeights / sub.Size; s++)
            (to->Scales[(16 * s) + column], to->Minima[(16 * s) + column]) = (sub.Scales[s], sub.Minima[s]);
    }

    [SkipLocalsInit]
    private void SpreadFloats(byte* block, int column, SpreadRow* to)
    {
        var weights = stackalloc float[256];
        BlockDecoder.Decode(
            (GgmlType)format.GgmlType,
            new ReadOnlySpan<byte>(block, format.BlockBytes),
            new Span<float>(weights, format.BlockWeights)
        );
        for (var i = 0; i < format.BlockWeights; i++)
            ((float*)to->Codes)[(16 * i) + column] = weights[i];
    }
}
