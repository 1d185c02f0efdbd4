using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>Root-mean-square norm (Zhang and Sennrich, NeurIPS 2019, eq. 4): y = w ∘ x / √(mean(x²) + ε), row by row.</summary>
public static class RmsNorm
{
    /// <summary>Normalises rows.</summary>
    /// <param name="x">Rows of the length of <paramref name="weight"/>.</param>
    /// <param name="weight">Gain of each column.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y">Result, shaped as <paramref name="x"/>.</param>
    /// <param name="scales">Result: 1/√(mean(x²) + ε) of each row, kept for <see cref="Backward"/>.</param>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, T epsilon, Span<T> y, Span<T> scales)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = weight.Length;
        for (var row = 0; row < scales.Length; row++)
        {
            var rowX = x.Slice(row * width, width);
            var scale = scales[row] = T.One / T.Sqrt((Lanes.Dot(rowX, rowX) / T.CreateChecked(width)) + epsilon);
            var rowY = y.Slice(row * width, width);
            for (var i = 0; i < width; i++)
                rowY[i] = rowX[i] * scale * weight[i];
        }
    }

    /// <summary>Adds the derivatives by the input and by the weight.</summary>
    /// <remarks>
    /// With s = scale and n = width, ∂y_j/∂x_i = w_j (s δ_ij − s³ x_i x_j / n), hence
    /// dx_i = s w_i dy_i − x_i s³/n Σ_j dy_j w_j x_j.
    /// </remarks>
    public static void Backward<T>(
        ReadOnlySpan<T> x,
        ReadOnlySpan<T> weight,
        ReadOnlySpan<T> scales,
        ReadOnlySpan<T> dy,
        Span<T> dx,
        Span<T> dWeight
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = weight.Length;
        for (var row = 0; row < scales.Length; row++)
        {
            var rowX = x.Slice(row * width, width);
            var rowDy = dy.Slice(row * width, width);
            var rowDx = dx.Slice(row * width, width);
            var scale = scales[row];
            var sum = T.Zero;
            for (var i = 0; i < width; i++)
            {
                sum += rowDy[i] * weight[i] * rowX[i];
                dWeight[i] += rowDy[i] * rowX[i] * scale;
            }
            var pull = sum * scale * scale * scale / T.CreateChecked(width);
            for (var i = 0; i < width; i++)
                rowDx[i] += (scale * weight[i] * rowDy[i]) - (pull * rowX[i]);
        }
    }
}
