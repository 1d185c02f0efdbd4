namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>RMS norm, whole rows per part: the squares of a row are summed in double, one after the other.</summary>
internal sealed unsafe class NormWork : IParallelWork
{
    public float* X { get; set; }

    public float* Weight { get; set; }

    public float* Y { get; set; }

    public float Epsilon { get; set; }

    public int Rows { get; set; }

    public int Width { get; set; }

    public void Run(int worker, int part, int parts)
    {
        int from = (int)((long)Rows * part / parts),
            to = (int)((long)Rows * (part + 1) / parts);
        for (var row = from; row < to; row++)
            Row(X + ((nint)row * Width), Weight, Y + ((nint)row * Width), Width, Epsilon);
    }

    private static void Row(float* x, float* weight, float* y, int width, float epsilon)
    {
        var sum = 0.0;
        for (var i = 0; i < width; i++)
            sum += x[i] * x[i];
        var mean = (float)(sum / width);
        var scale = 1 / MathF.Sqrt(mean + epsilon);
        for (var i = 0; i < width; i++)
            y[i] = x[i] * scale * weight[i];
    }
}
