using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Formats with an integer sum per block or part of a block, sixteen columns at once.</summary>
/// <param name="integer">Whether the row is spread to integers; else to floats.</param>
/// <param name="partWeights">Weights that share a scale in the fabric's arithmetic.</param>
internal sealed unsafe class SumSpreader<TFormat, TSum>(bool integer, int partWeights) : RowSpreader
    where TFormat : struct, ISumFormat
    where TSum : struct, IBlockSum
{
    [SkipLocalsInit]
    public override void Spread(byte* row, int columns, SpreadRow* to)
    {
        // AVX2's byte products take weights as they are.
        SumBlock block;
        TFormat.Decode(row, 0, new SumColumns<Avx2Dot>(&block, 0));
        TFormat.Decode(row, 1, new SumColumns<Avx2Dot>(&block, 1));
        for (var half = 0; half < 2; half++)
        {
            if (integer)
                SpreadCodes(&block, half, to);
            else
                SpreadFloats(&block, half, to);
        }
    }

    private static Vector256<byte> Codes(SumBlock* block, int unit, int half) => Vector256.Load(block->Codes + (64 * unit) + (32 * half));

    private void SpreadCodes(SumBlock* block, int half, SpreadRow* to)
    {
        for (var unit = 0; unit < TFormat.BlockWeights / 4; unit++)
            SpreadRow.Put(to, unit, half, Codes(block, unit, half));
        for (var part = 0; part < TFormat.BlockWeights / partWeights; part++)
        {
            TSum.Scale(block, half, part).Store(to->Scales + (16 * part) + (8 * half));
            TSum.Minimum(block, half, part).Store(to->Minima + (16 * part) + (8 * half));
        }
    }

    private void SpreadFloats(SumBlock* block, int half, SpreadRow* to)
    {
        for (var unit = 0; unit < TFormat.BlockWeights / 4; unit++)
            SpreadRow.PutFloats(
                to,
                unit,
                half,
                Codes(block, unit, half),
                TSum.Scale(block, half, 4 * unit / TFormat.PartWeights) * Vector256.Create(TFormat.OutputScale)
            );
    }
}
