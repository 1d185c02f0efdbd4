using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Mixture of experts: the router's choice is made on the host, as on the chip it is made by the controller that starts the chosen experts' banks.
/// Order as in llama.cpp: experts in falling order of weight, each result times its weight, added from the first on.
/// </summary>
internal sealed class ExpertLayer : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly Func<string, IKernelMatrix> _matrix;
    private readonly Func<string, IKernelBuffer> _vector;
    private readonly IKernelBuffer _router;
    private readonly IKernelBuffer _x;
    private readonly IKernelBuffer _gate;
    private readonly IKernelBuffer _up;
    private readonly IKernelBuffer _result;
    private readonly IKernelBuffer _sum;
    private readonly IKernelBuffer _bias;
    private readonly float[] _logits;
    private readonly float[] _host;

    public ExpertLayer(IKernelSet kernels, ExpertsOperator shape, Func<string, IKernelMatrix> matrix, Func<string, IKernelBuffer> vector, int batch)
    {
        _kernels = kernels;
        _matrix = matrix;
        _vector = vector;
        var width = Math.Max(shape.ExpertWidth, shape.SharedWidth);
        _router = kernels.Allocate(shape.Experts * batch);
        _x = kernels.Allocate(shape.Width);
        _gate = kernels.Allocate(width);
        _up = kernels.Allocate(width);
        _result = kernels.Allocate(shape.Width);
        _sum = kernels.Allocate(shape.Width);
        _bias = kernels.Allocate(Math.Max(width, shape.Width));
        _logits = new float[shape.Experts * batch];
        _host = new float[shape.Width * batch];
    }

    public void Run(ExpertsOperator op, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        _kernels.MatMul(_matrix(op.Router), x, rows, _router);
        if (op.RouterBias is not null)
            _kernels.AddBias(_router, _vector(op.RouterBias), rows, op.Experts);
        _router.Read(0, _logits.AsSpan(0, rows * op.Experts));
        for (var row = 0; row < rows; row++)
        {
            _kernels.Slice(x, 1, rows * op.Width, row * op.Width, op.Width, _x);
            var chosen = ExpertChoice.Choose(_logits.AsSpan(row * op.Experts, op.Experts), op.ExpertsUsed, op.Gating);
            for (var i = 0; i < chosen.Count; i++)
                Expert(op, chosen[i].Expert, chosen[i].Weight, first: i == 0);
            if (op.SharedUp is not null)
                Shared(op);
            _sum.Read(0, _host.AsSpan(row * op.Width, op.Width));
        }

        y.Write(_host.AsSpan(0, rows * op.Width));
    }

    public void Dispose()
    {
        foreach (var buffer in new[] { _router, _x, _gate, _up, _result, _sum, _bias })
            buffer.Dispose();
    }

    private void Expert(ExpertsOperator op, int expert, float weight, bool first)
    {
        _kernels.MatMul(_matrix($"{op.Gate}#{expert}"), _x, 1, _gate);
        Multiply(op.GateScale, expert, op.ExpertWidth, _gate);
        AddBias(op.GateBias, expert, op.ExpertWidth, _gate);
        _kernels.MatMul(_matrix($"{op.Up}#{expert}"), _x, 1, _up);
        Multiply(op.UpScale, expert, op.ExpertWidth, _up);
        AddBias(op.UpBias, expert, op.ExpertWidth, _up);
        _kernels.Gate(ForwardPass.Activation(op.Activation), _gate, _up, op.ExpertWidth);
        var result = first ? _sum : _result;
        _kernels.MatMul(_matrix($"{op.Down}#{expert}"), _gate, 1, result);
        Multiply(op.DownScale, expert, op.Width, result);
        AddBias(op.DownBias, expert, op.Width, result);
        _kernels.ScaleRows(result, [weight], op.Width);
        if (!first)
            _kernels.Add(_sum, _result, op.Width);
    }

    // Shared expert of qwen2moe: its result times silu(z)/z, z the product with the shared router; llama.cpp really forms that quotient.
    private void Shared(ExpertsOperator op)
    {
        _kernels.MatMul(_matrix(op.SharedGate!), _x, 1, _gate);
        _kernels.MatMul(_matrix(op.SharedUp!), _x, 1, _up);
        _kernels.Gate(ForwardPass.Activation(op.Activation), _gate, _up, op.SharedWidth);
        _kernels.MatMul(_matrix(op.SharedDown!), _gate, 1, _result);
        var x = new float[op.Width];
        var w = new float[op.Width];
        _x.Read(0, x);
        _vector(op.SharedRouter!).Read(0, w);
        double dot = 0;
        for (var i = 0; i < x.Length; i++)
            dot += x[i] * w[i];
        var z = (float)dot;
        _kernels.ScaleRows(_result, [z / (1 + MathF.Exp(-z)) / z], op.Width);
        _kernels.Add(_sum, _result, op.Width);
    }

    private void Multiply(string? factors, int expert, int width, IKernelBuffer x)
    {
        if (factors is null)
            return;
        Span<float> factor = stackalloc float[1];
        _vector(factors).Read(expert, factor);
        _kernels.ScaleRows(x, factor, width);
    }

    private void AddBias(string? name, int expert, int width, IKernelBuffer x)
    {
        if (name is null)
            return;
        var all = _vector(name);
        _kernels.Slice(all, 1, all.Count, expert * width, width, _bias);
        _kernels.AddBias(x, _bias, 1, width);
    }
}
