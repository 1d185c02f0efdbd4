using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Products of latent attention in which each head has a matrix of its own.</summary>
internal sealed class HeadProducts : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly Func<string, IKernelMatrix> _matrix;
    private readonly IKernelBuffer _x;
    private readonly IKernelBuffer _y;

    /// <summary>Buffers for the widest head of a graph.</summary>
    public HeadProducts(IKernelSet kernels, ModelGraph graph, Func<string, IKernelMatrix> matrix, int batch)
    {
        _kernels = kernels;
        _matrix = matrix;
        var operators = graph.Operators.OfType<HeadMatMulOperator>().ToList();
        _x = kernels.Allocate(checked(batch * operators.Max(o => o.HeadInputs)));
        _y = kernels.Allocate(checked(batch * operators.Max(o => o.HeadOutputs)));
    }

    /// <summary>y[row][head] = matrix of the head · x[row][head].</summary>
    public void Run(HeadMatMulOperator op, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        for (var head = 0; head < op.Heads; head++)
        {
            _kernels.Slice(x, rows, op.Heads * op.HeadInputs, head * op.HeadInputs, op.HeadInputs, _x);
            _kernels.MatMul(_matrix($"{op.Tensor}#{head}"), _x, rows, _y);
            _kernels.Place(_y, rows, op.HeadOutputs, y, head * op.HeadOutputs, op.Width);
        }
    }

    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
    }
}
