using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Every format: columns are gathered block by block and multiplied by the scalar products. For machines without AVX2.</summary>
internal sealed unsafe class ColumnKernel(CodeFormat format) : PanelKernel
{
    /// <summary>Above every block's size.</summary>
    private const int LargestBlock = 256;

    private readonly int[] units = [.. format.Units];

    public override int StateBytes => 16 * sizeof(ScalarSum);

    public override int GroupSize => 8;

    [SkipLocalsInit]
    public override void Add(
        byte* codes,
        int blocks,
        float* columnScales,
        int columns,
        Activations x,
        int row,
        int rows,
        int input,
        byte* state
    )
    {
        var block = stackalloc byte[LargestBlock];
        for (var b = 0; b < blocks; b++, codes += 16 * format.BlockBytes, input += format.BlockWeights)
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, codes, c, block);
            var columnScale = columnScales is null ? 0 : columnScales[c];
            ScalarProduct.AddBlock(format, block, x, row, rows, input, columnScale, (ScalarSum*)state + c);
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        for (var c = 0; c < columns; c++)
            outputs[c] = ScalarProduct.Finish(format, (ScalarSum*)state + c);
    }
}
