using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Scalar;
using TaalasSim.Runtime.Kernels.Simd;

namespace TaalasSim.Runtime.Kernels.Hardware;

/// <summary>
/// The fabric's formats in the fabric's arithmetic; one segment is one bank. State per vector: sixteen sums of the banks so far, saturated at
/// <see cref="HardwareNumerics.PartialSumBits"/>.
/// </summary>
internal sealed unsafe class RomKernel(CodeFormat format, HardwareNumerics numerics) : PanelKernel
{
    private readonly int[] units = [.. format.Units];
    private readonly long limit = (1L << (numerics.AccumulatorBits - 1)) - 1;

    public override int StateBytes => 16 * sizeof(int);

    public override int GroupSize => 8;

    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        var block = stackalloc byte[40];
        var weights = stackalloc int[32];
        var accumulators = stackalloc long[16 * GroupSize];
        new Span<long>(accumulators, 16 * GroupSize).Clear();
        for (var b = 0; b < blocks; b++, codes += 16 * format.BlockBytes, input += 32)
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, codes, c, block);
            for (var i = 0; i < 32; i++)
                weights[i] = RomCodes.Code(block, format.CodeBits, i);
            for (var t = 0; t < rows; t++)
            {
                var a = x.Wide + ((nint)(row + t) * x.Inputs) + input;
                var sum = 0;
                for (var i = 0; i < 32; i++)
                    sum += weights[i] * a[i];
                ref var accumulator = ref accumulators[(16 * t) + c];
                accumulator = Math.Clamp(accumulator + ((long)block[0] * sum), -limit - 1, limit);
            }
        }

        for (var i = 0; i < 16 * rows; i++)
            ((int*)state)[i] = (int)Math.Clamp(((int*)state)[i] + accumulators[i], int.MinValue, int.MaxValue);
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        for (var c = 0; c < columns; c++)
            outputs[c] = ((int*)state)[c] * (columnScales[c] * x.Scales[row]);
    }
}
