using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>
/// The fabric's formats in the fabric's arithmetic; one segment is one bank. Banks reduce in the dataflow layer's binomial tree, each sum
/// saturated at
/// <see cref="HardwareNumerics.PartialSumBits"/>. State per vector: banks so far, then sixteen sums for each subtree that is not yet handed
/// on.
/// </summary>
/// <remarks>Subtrees close as in a binary counter: after bank i, one for each trailing one bit of i.</remarks>
internal sealed unsafe class RomKernel(CodeFormat format, HardwareNumerics numerics) : PanelKernel
{
    private readonly long limit = (1L << (numerics.AccumulatorBits - 1)) - 1;

    // A reduction of up to 2^16 banks has at most 17 open subtrees.
    private const int Levels = 17;

    private const int StateInts = 1 + (16 * Levels);

    public override int StateBytes => StateInts * sizeof(int);

    public override int GroupSize => 32;

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
        var memory = stackalloc byte[(RomColumns.Codes * 64) + 64];
        var weights = (int*)(((nint)memory + 63) & ~63);
        var accumulators = stackalloc long[16 * GroupSize];
        new Span<long>(accumulators, 16 * GroupSize).Clear();
        var rowBytes = PanelLayout.BlockRowBytes(format);
        for (var b = 0; b < blocks; b++, codes += rowBytes, input += RomColumns.Codes)
        {
            RomColumns.Decode(format.CodeBits, codes, weights);
            WordPairs.Pack(weights, RomColumns.Codes);
            var scales = RomColumns.Scales(codes);
            var (low, high) = (Vector512.WidenLower(scales), Vector512.WidenUpper(scales));
            for (var t = 0; t < rows; t++)
                AddBlock(weights, low, high, x.Wide + ((nint)(row + t) * x.Inputs) + input, accumulators + (16 * t));
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

    /// <summary>One block of sixteen columns: the sum of its products is exact; what scale and accumulator make of it saturates.</summary>
    private void AddBlock(int* pairs, Vector512<long> lowScales, Vector512<long> highScales, short* a, long* accumulators)
    {
        var sum = WordPairs.Sum(pairs, a, RomColumns.Codes);
        Saturated(accumulators, lowScales * Vector512.WidenLower(sum)).Store(accumulators);
        Saturated(accumulators + 8, highScales * Vector512.WidenUpper(sum)).Store(accumulators + 8);
    }

    private Vector512<long> Saturated(long* accumulators, Vector512<long> products) =>
        Vector512.Max(Vector512.Min(Vector512.Load(accumulators) + products, Vector512.Create(limit)), Vector512.Create(-limit - 1));

    // The last open subtree hands its sums to the one before it.
    private static void HandOn(int* sums)
    {
        for (var c = 0; c < 16; c++)
            sums[c - 16] = (int)Math.Clamp((long)sums[c - 16] + sums[c], int.MinValue, int.MaxValue);
    }
}
