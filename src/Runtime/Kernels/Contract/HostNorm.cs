namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Norms that few models have, computed on the host for buffers of any backend.</summary>
internal static class HostNorm
{
    /// <summary>Each row less its mean, divided by its deviation, times the weights; rounded as llama.cpp rounds it.</summary>
    public static void Layer(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        var values = new float[rows * width];
        var weights = new float[width];
        x.Read(0, values);
        weight.Read(0, weights);
        for (var row = 0; row < rows; row++)
            Row(values.AsSpan(row * width, width), weights, epsilon);
        y.Write(values);
    }

    private static void Row(Span<float> x, ReadOnlySpan<float> weights, float epsilon)
    {
        double sum = 0;
        foreach (var value in x)
            sum += value;
        var mean = (float)sum / x.Length;
        double squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] -= mean;
            squares += x[i] * x[i];
        }

        var scale = 1 / MathF.Sqrt((float)(squares / x.Length) + epsilon);
        for (var i = 0; i < x.Length; i++)
            x[i] = x[i] * scale * weights[i];
    }
}
