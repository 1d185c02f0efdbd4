using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>Linear map of rows by a weight stored outputs × inputs, as GGUF does: Y = X·Wᵀ.</summary>
public static class Linear
{
    /// <summary>Y = X·Wᵀ.</summary>
    public static void Forward<T>(Span<T> x, Span<T> weight, Span<T> y, int rows, int inputs, int outputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Gemm.Multiply(new Matrix<T>(x, rows, inputs), new Matrix<T>(weight, outputs, inputs).Transposed, new Matrix<T>(y, rows, outputs));

    /// <summary>dW += dYᵀ·X, and dX = dY·W, or dX += dY·W to accumulate.</summary>
    public static void Backward<T>(
        Span<T> x,
        Span<T> weight,
        Span<T> dy,
        Span<T> dx,
        Span<T> dWeight,
        int rows,
        int inputs,
        int outputs,
        bool accumulate
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var matrixDy = new Matrix<T>(dy, rows, outputs);
        Gemm.Multiply(matrixDy, new Matrix<T>(weight, outputs, inputs), new Matrix<T>(dx, rows, inputs), accumulate);
        Gemm.Multiply(matrixDy.Transposed, new Matrix<T>(x, rows, inputs), new Matrix<T>(dWeight, outputs, inputs), accumulate: true);
    }
}
