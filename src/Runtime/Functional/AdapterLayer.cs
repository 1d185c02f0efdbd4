using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Adds what the adapters in SRAM say to a product. Order as in llama.cpp: B (A x), times the scale, added to W x before any bias; the
/// adapter given last comes first, because llama.cpp keeps them in a hash table that its C++ library walks from the newest entry.
/// </summary>
internal sealed class AdapterLayer : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly Dictionary<string, (IKernelMatrix A, IKernelMatrix B, float Scale)[]> _ofPort = new(StringComparer.Ordinal);
    private readonly IKernelBuffer? _inner;
    private readonly IKernelBuffer? _outer;
    private readonly float[] _factors;

    public AdapterLayer(WiredChip chip, IKernelSet kernels, int batch)
    {
        _kernels = kernels;
        _factors = new float[batch];
        var (rank, width) = (0, 0);
        foreach (var port in chip.Description.Matrices)
        {
            var adapters = chip.Adapters(port);
            if (adapters.Count == 0)
                continue;
            _ofPort.Add(port.Name, [.. adapters.Reverse().Select(a => (kernels.Bind(a.A), kernels.Bind(a.B), a.Scale))]);
            (rank, width) = (Math.Max(rank, adapters.Max(a => a.A.Outputs)), Math.Max(width, port.Outputs));
        }

        if (rank == 0)
            return;
        _inner = kernels.Allocate(checked(rank * batch));
        _outer = kernels.Allocate(checked(width * batch));
    }

    /// <summary>y += Σ s · B (A x) over the adapters of a port.</summary>
    public void Run(string port, IKernelBuffer x, int rows, int width, IKernelBuffer y)
    {
        if (!_ofPort.TryGetValue(port, out var adapters))
            return;
        foreach (var (a, b, scale) in adapters)
        {
            _kernels.MatMul(a, x, rows, _inner!);
            _kernels.MatMul(b, _inner!, rows, _outer!);
            _factors.AsSpan(0, rows).Fill(scale);
            _kernels.ScaleRows(_outer!, _factors.AsSpan(0, rows), width);
            _kernels.Add(y, _outer!, rows * width);
        }
    }

    public void Dispose()
    {
        foreach (var (a, b, _) in _ofPort.Values.SelectMany(list => list))
        {
            a.Dispose();
            b.Dispose();
        }

        _inner?.Dispose();
        _outer?.Dispose();
    }
}
