using System.Numerics;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Scalar;
using TaalasSim.Runtime.Kernels.Simd;

namespace TaalasSim.Runtime.Kernels.Hardware;

/// <summary>
/// The fabric's formats in the fabric's arithmetic; one segment is one bank. Banks reduce in the dataflow layer's binomial tree, each sum saturated at
/// <see cref="HardwareNumerics.PartialSumBits"/>. State per vector: banks so far, then sixteen sums for each subtree that is not yet handed on.
/// </summary>
/// <remarks>Subtrees close as in a binary counter: after bank i, one for each trailing one bit of i.</remarks>
internal sealed unsafe class RomKernel(CodeFormat format, HardwareNumerics numerics) : PanelKernel
{
    private readonly int[] units = [.. format.Units];
    private readonly long limit = (1L << (numerics.AccumulatorBits - 1)) - 1;

    // A reduction of up to 2^16 banks has at most 17 open subtrees.
    private const int Levels = 17;

    private const int StateInts = 1 + (16 * Levels);

    public override int StateBytes => StateInts * sizeof(int);

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

        for (var t = 0; t < rows; t++)
        {
            var vector = (int*)state + (t * StateInts);
            var bank = vector[0]++;
            var open = BitOperations.PopCount((uint)bank);
            var sums = vector + 1 + (16 * open);
            for (var c = 0; c < 16; c++)
                sums[c] = (int)Math.Clamp(accumulators[(16 * t) + c], int.MinValue, int.MaxValue);
            for (; (bank & 1) != 0; bank >>= 1, sums -= 16)
                HandOn(sums);
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        var vector = (int*)state;
        var sums = vector + 1;
        for (var open = BitOperations.PopCount((uint)vector[0]) - 1; open > 0; open--)
            HandOn(sums + (16 * open));
        for (var c = 0; c < columns; c++)
            outputs[c] = sums[c] * (columnScales[c] * x.Scales[row]);
    }

    // The last open subtree hands its sums to the one before it.
    private static void HandOn(int* sums)
    {
        for (var c = 0; c < 16; c++)
            sums[c - 16] = (int)Math.Clamp((long)sums[c - 16] + sums[c], int.MinValue, int.MaxValue);
    }
}
