using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>A TimesFM model bound to kernels: patches of a series in, outputs of its patches out. Dispose it before its kernels and
/// weights.</summary>
public sealed class PatchModel : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly int _threads;
    private readonly ResidualBlock _tokenizer;
    private readonly PatchLayer[] _layers;
    private readonly ResidualBlock _pointHead;
    private readonly ResidualBlock _quantileHead;

    /// <summary>Binds a model.</summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="kernels">Kernels.</param>
    /// <param name="matrix">A matrix by its name in the checkpoint.</param>
    /// <param name="vector">A vector by its name.</param>
    /// <param name="threads">Threads of the attention; at least 1.</param>
    public PatchModel(TimesFmSizes sizes, IKernelSet kernels, Func<string, BankedMatrix> matrix, Func<string, float[]> vector, int threads)
    {
        (Sizes, _kernels, _threads) = (sizes, kernels, threads);
        var binding = new KernelBinding(kernels, matrix, vector);
        _tokenizer = new ResidualBlock(binding, TimesFmTensors.Tokenizer, biased: true);
        _layers = [.. Enumerable.Range(0, sizes.Layers).Select(n => new PatchLayer(binding, sizes, n))];
        _pointHead = new ResidualBlock(binding, TimesFmTensors.PointHead, biased: false);
        _quantileHead = new ResidualBlock(binding, TimesFmTensors.QuantileHead, biased: false);
    }

    /// <summary>Sizes of the model.</summary>
    public TimesFmSizes Sizes { get; }

    /// <summary>An empty cache for one series.</summary>
    /// <param name="patches">Most patches.</param>
    internal PatchAttention NewAttention(int patches) => new(Sizes.Layers, Sizes.Heads, Sizes.HeadSize, patches, _threads);

    /// <summary>Runs patches through all layers.</summary>
    /// <param name="tokens">[rows][values of a patch, then its mask].</param>
    /// <param name="position">Position of the first row, counted from the first visible patch.</param>
    /// <param name="attention">Keys and values of the series; those of the rows are added.</param>
    /// <param name="cancel">Cancels between layers.</param>
    /// <returns>[rows][width]; the caller disposes it.</returns>
    internal IKernelBuffer Run(float[] tokens, int position, PatchAttention attention, CancellationToken cancel)
    {
        var rows = tokens.Length / Sizes.TokenWidth;
        using var input = Buffer(tokens);
        using var angles = Buffer(Angles(position, rows));
        var x = _tokenizer.Compute(_kernels, input, rows);
        foreach (var layer in _layers)
        {
            if (cancel.IsCancellationRequested)
            {
                x.Dispose();
                cancel.ThrowIfCancellationRequested();
            }

            layer.Compute(x, rows, position, angles, attention);
        }

        return x;
    }

    /// <summary>Outputs of the point head: [rows][output patch × figures], still normalised.</summary>
    internal float[] Points(IKernelBuffer x, int firstRow, int rows) => Head(_pointHead, x, firstRow, rows);

    /// <summary>Outputs of the quantile head for one row: [quantile horizon × figures], still normalised.</summary>
    internal float[] Quantiles(IKernelBuffer x, int row) => Head(_quantileHead, x, row, 1);

    /// <summary>Frees what the kernels hold.</summary>
    public void Dispose()
    {
        _tokenizer.Dispose();
        foreach (var layer in _layers)
            layer.Dispose();
        _pointHead.Dispose();
        _quantileHead.Dispose();
    }

    private float[] Head(ResidualBlock head, IKernelBuffer x, int firstRow, int rows)
    {
        using var chosen = _kernels.Allocate(rows * Sizes.Width);
        int[] from = [.. Enumerable.Range(firstRow, rows)],
            to = [.. Enumerable.Range(0, rows)];
        _kernels.CopyRows(x, from, chosen, to, Sizes.Width);
        using var y = head.Compute(_kernels, chosen, rows);
        var values = new float[rows * head.Outputs];
        y.Read(0, values);
        return values;
    }

    private IKernelBuffer Buffer(float[] values)
    {
        var buffer = _kernels.Allocate(values.Length);
        buffer.Write(values);
        return buffer;
    }

    // Cosine and sine of position / 10000^(2i / head size) for each pair i.
    private float[] Angles(int position, int rows)
    {
        var half = Sizes.HeadSize / 2;
        var angles = new float[rows * Sizes.HeadSize];
        for (var row = 0; row < rows; row++)
        for (var i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos((position + row) / Math.Pow(TimesFmSizes.RopeBase, 2.0 * i / Sizes.HeadSize));
            angles[(row * Sizes.HeadSize) + (2 * i)] = (float)cosine;
            angles[(row * Sizes.HeadSize) + (2 * i) + 1] = (float)sine;
        }

        return angles;
    }
}
