using System.Numerics;

namespace TaalasSim.Runtime.Activity;

/// <summary>Counts of bits that change from row to row in one bank.</summary>
internal static class ToggleCounter
{
    /// <summary>Bits of the activations that differ from the one before; the first differs from 0, which a bank at rest holds.</summary>
    /// <param name="activations">Codes, in the order of the rows.</param>
    /// <param name="bits">Width.</param>
    public static long Activations(ReadOnlySpan<short> activations, int bits)
    {
        long toggles = 0;
        var before = 0;
        foreach (var a in activations)
        {
            toggles += Changed(a, before, bits);
            before = a;
        }

        return toggles;
    }

    /// <summary>Bits of a column's product and of its block sum that differ from those of the row before.</summary>
    /// <param name="activations">Codes, in the order of the rows.</param>
    /// <param name="weights">Codes of the column, one a row.</param>
    /// <param name="widths">Widths of product and sum.</param>
    public static long Column(ReadOnlySpan<short> activations, ReadOnlySpan<short> weights, ToggleWidths widths)
    {
        long toggles = 0;
        int product = 0,
            sum = 0;
        for (var r = 0; r < activations.Length; r++)
        {
            var next = activations[r] * weights[r];
            toggles += Changed(next, product, widths.Product);
            var added = (r % widths.BlockRows == 0 ? 0 : sum) + next;
            toggles += Changed(added, sum, widths.Sum);
            (product, sum) = (next, added);
        }

        return toggles;
    }

    private static int Changed(int now, int before, int bits) => BitOperations.PopCount((uint)(now ^ before) & Mask(bits));

    private static uint Mask(int bits) => bits >= 32 ? uint.MaxValue : (1u << bits) - 1;
}
