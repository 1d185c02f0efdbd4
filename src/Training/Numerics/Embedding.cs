using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>Looks up one row of a table for each token.</summary>
public static class Embedding
{
    /// <summary>Copies rows: y[i] = table[tokens[i]].</summary>
    public static void Forward<T>(ReadOnlySpan<T> table, ReadOnlySpan<int> tokens, Span<T> y)
    {
        var width = y.Length / tokens.Length;
        for (var i = 0; i < tokens.Length; i++)
            table.Slice(tokens[i] * width, width).CopyTo(y[(i * width)..]);
    }

    /// <summary>Adds each token's derivative to its row.</summary>
    public static void Backward<T>(ReadOnlySpan<int> tokens, ReadOnlySpan<T> dy, Span<T> dTable)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = dy.Length / tokens.Length;
        for (var i = 0; i < tokens.Length; i++)
            Lanes.Add(dy.Slice(i * width, width), dTable.Slice(tokens[i] * width, width));
    }
}
