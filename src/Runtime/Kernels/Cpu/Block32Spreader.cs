using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Blocks of 32 weights, sixteen columns at once.</summary>
internal sealed unsafe class Block32Spreader<TFormat> : RowSpreader
    where TFormat : struct, IBlock32Format
{
    public override void Spread(byte* row, int columns, SpreadRow* to)
    {
        var offset = Vector256.Create((byte)TFormat.Offset);
        for (var half = 0; half < 2; half++)
        {
            for (var unit = 0; unit < 4; unit++)
            {
                TFormat.Codes(row, half, unit, out var first, out var second);
                SpreadRow.Put(to, unit, half, first - offset);
                SpreadRow.Put(to, unit + 4, half, second - offset);
            }

            TFormat.Scale(row, half).Store(to->Scales + (8 * half));
            (-TFormat.Minimum(row, half)).Store(to->Minima + (8 * half));
        }
    }
}
