using System.Numerics;
using System.Runtime.Intrinsics;

namespace TaalasSim.Training.Numerics;

/// <summary>p_i = e^(x_i − max) / Σ_j e^(x_j − max).</summary>
public static class Softmax
{
    /// <summary>Replaces a row by its softmax.</summary>
    /// <returns>log Σ_j e^(x_j), for the cross entropy.</returns>
    public static T InPlace<T>(Span<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector512<T>.Count;
        var max = row[0];
        foreach (var x in row)
            max = x > max ? x : max;
        for (var i = 0; i < row.Length; i++)
            row[i] -= max;
        Lanes.Exp(row);
        var sums = Vector512<T>.Zero;
        var j = 0;
        for (; j <= row.Length - n; j += n)
            sums += Vector512.Create((ReadOnlySpan<T>)row[j..]);
        var sum = Vector512.Sum(sums);
        for (; j < row.Length; j++)
            sum += row[j];
        var scale = T.One / sum;
        for (var i = 0; i < row.Length; i++)
            row[i] *= scale;
        return max + T.Log(sum);
    }
}
