using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Mixture of experts: the router's choice is made on the host, as on the chip it is made by the controller that starts the chosen experts'
/// banks. Order as in llama.cpp: experts in falling order of weight, each result times its weight, added from the first on.
/// </summary>
/// <remarks>
/// The tokens of a batch are grouped by expert, so that each expert's matrices are read once for all its tokens; results are kept by place
/// in their token's choice and added in that order, so that a token has the same bits in any company.
/// </remarks>
internal sealed class ExpertLayer : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly ModelTraits _traits;
    private readonly Func<string, IKernelMatrix> _matrix;
    private readonly Func<string, IKernelBuffer> _vector;
    private readonly IKernelBuffer _router;
    private readonly IKernelBuffer _x;
    private readonly IKernelBuffer _gate;
    private readonly IKernelBuffer _up;
    private readonly IKernelBuffer _result;
    private readonly IKernelBuffer _sum;
    private readonly IKernelBuffer _bias;
    private readonly IKernelBuffer _weighed;
    private readonly IKernelBuffer _joined;

    /// <summary>[place in the choice][token][width]: what each chosen expert says.</summary>
    private readonly IKernelBuffer _chosen;
    private readonly float[] _logits;
    private readonly List<Use>[] _uses;
    private readonly int[] _places;
    private readonly float[] _weights;
    private readonly Dictionary<string, float[]> _read = new(StringComparer.Ordinal);
    private float[]? _choiceBias;

    public ExpertLayer(
        IKernelSet kernels,
        ExpertsOperator shape,
        ModelTraits traits,
        Func<string, IKernelMatrix> matrix,
        Func<string, IKernelBuffer> vector,
        int batch
    )
    {
        _kernels = kernels;
        _traits = traits;
        _matrix = matrix;
        _vector = vector;
        var width = Math.Max(shape.ExpertWidth, shape.SharedWidth);
        _router = kernels.Allocate(shape.Experts * batch);
        _x = kernels.Allocate(shape.Width * batch);
        _gate = kernels.Allocate(width * batch);
        _up = kernels.Allocate(width * batch);
        _result = kernels.Allocate(shape.Width * batch);
        _sum = kernels.Allocate(shape.Width * batch);
        _weighed = kernels.Allocate(traits.WeighsExpertInput ? shape.Width * batch : 0);
        _joined = kernels.Allocate(shape.JoinedGate ? checked(2 * shape.ExpertWidth * batch) : 0);
        _bias = kernels.Allocate(Math.Max(width, shape.Width));
        _chosen = kernels.Allocate(batch > 1 ? checked(shape.Width * batch * shape.ExpertsUsed) : 0);
        _logits = new float[shape.Experts * batch];
        _uses = [.. Enumerable.Range(0, shape.Experts).Select(_ => new List<Use>())];
        _places = [.. Enumerable.Range(0, batch)];
        _weights = new float[batch];
    }

    /// <summary>y = what the experts say of x.</summary>
    /// <param name="op">The layer.</param>
    /// <param name="x">What experts read.</param>
    /// <param name="routed">What the router reads.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">Result.</param>
    public void Run(ExpertsOperator op, IKernelBuffer x, IKernelBuffer routed, int rows, IKernelBuffer y)
    {
        _kernels.MatMul(_matrix(op.Router), routed, rows, _router);
        if (op.RouterBias is not null)
            _kernels.AddBias(_router, _vector(op.RouterBias), rows, op.Experts);
        _router.Read(0, _logits.AsSpan(0, rows * op.Experts));
        _choiceBias = op.ChoiceBias is null ? null : Read(op.ChoiceBias);
        if (rows == 1)
            RunOne(op, x);
        else
            RunGrouped(op, x, rows);
        if (op.SharedUp is not null)
            Shared(op, x, rows);
        _kernels.Slice(_sum, 1, rows * op.Width, 0, rows * op.Width, y);
    }

    public void Dispose()
    {
        foreach (var buffer in new[] { _router, _x, _gate, _up, _result, _sum, _bias, _weighed, _joined, _chosen })
            buffer.Dispose();
    }

    private IReadOnlyList<(int Expert, float Weight)> Choice(ExpertsOperator op, int row) =>
        ExpertRouter.Choose(_logits.AsSpan(row * op.Experts, op.Experts), _choiceBias, op.ExpertsUsed, _traits);

    private float[] Read(string vector)
    {
        if (!_read.TryGetValue(vector, out var values))
        {
            _read.Add(vector, values = new float[_vector(vector).Count]);
            _vector(vector).Read(0, values);
        }

        return values;
    }

    // The experts of a single token have nothing to share.
    private void RunOne(ExpertsOperator op, IKernelBuffer x)
    {
        var choice = Choice(op, 0);
        for (var i = 0; i < choice.Count; i++)
        {
            Expert(op, choice[i].Expert, x, [choice[i].Weight], i == 0 ? _sum : _result);
            if (i > 0)
                _kernels.Add(_sum, _result, op.Width);
        }
    }

    private void RunGrouped(ExpertsOperator op, IKernelBuffer x, int rows)
    {
        foreach (var uses in _uses)
            uses.Clear();
        for (var row = 0; row < rows; row++)
        {
            var choice = Choice(op, row);
            for (var i = 0; i < choice.Count; i++)
                _uses[choice[i].Expert].Add(new Use(row, (i * rows) + row, choice[i].Weight));
        }

        for (var expert = 0; expert < op.Experts; expert++)
        {
            var uses = _uses[expert];
            if (uses.Count == 0)
                continue;
            Span<int> tokens = new int[uses.Count],
                to = new int[uses.Count];
            for (var i = 0; i < uses.Count; i++)
                (tokens[i], to[i], _weights[i]) = uses[i];
            _kernels.CopyRows(x, tokens, _x, _places.AsSpan(0, uses.Count), op.Width);
            Expert(op, expert, _x, _weights.AsSpan(0, uses.Count), _result);
            _kernels.CopyRows(_result, _places.AsSpan(0, uses.Count), _chosen, to, op.Width);
        }

        var count = rows * op.Width;
        for (var i = 0; i < op.ExpertsUsed; i++)
        {
            _kernels.Slice(_chosen, 1, op.ExpertsUsed * count, i * count, count, i == 0 ? _sum : _result);
            if (i > 0)
                _kernels.Add(_sum, _result, count);
        }
    }

    // One expert's answer to some tokens, times the weight that each gives it.
    private void Expert(ExpertsOperator op, int expert, IKernelBuffer x, ReadOnlySpan<float> weights, IKernelBuffer result)
    {
        var rows = weights.Length;
        if (_traits.WeighsExpertInput)
        {
            _kernels.Slice(x, 1, rows * op.Width, 0, rows * op.Width, _weighed);
            _kernels.ScaleRows(_weighed, weights, op.Width);
            x = _weighed;
        }

        var up = Inner(op, expert, x, rows);
        _kernels.Gate(ForwardPass.Activation(op.Activation), _gate, up, rows * op.ExpertWidth);
        _kernels.MatMul(_matrix($"{op.Down}#{expert}"), _gate, rows, result);
        Multiply(op.DownScale, expert, rows * op.Width, result);
        AddBias(op.DownBias, expert, rows, op.Width, result);
        if (!_traits.WeighsExpertInput)
            _kernels.ScaleRows(result, weights, op.Width);
    }

    // What the activation of an expert multiplies, beside the gate.
    private IKernelBuffer Inner(ExpertsOperator op, int expert, IKernelBuffer x, int rows)
    {
        var width = op.ExpertWidth;
        if (op.JoinedGate)
        {
            _kernels.MatMul(_matrix($"{op.Up}#{expert}"), x, rows, _joined);
            _kernels.Slice(_joined, rows, 2 * width, 0, width, _gate);
            _kernels.Slice(_joined, rows, 2 * width, width, width, _up);
            return _up;
        }

        // Without a gate, what goes up is activated by itself.
        var up = op.Gate is null ? _gate : _up;
        if (op.Gate is not null)
        {
            _kernels.MatMul(_matrix($"{op.Gate}#{expert}"), x, rows, _gate);
            Multiply(op.GateScale, expert, rows * width, _gate);
            AddBias(op.GateBias, expert, rows, width, _gate);
        }

        _kernels.MatMul(_matrix($"{op.Up}#{expert}"), x, rows, up);
        Multiply(op.UpScale, expert, rows * width, up);
        AddBias(op.UpBias, expert, rows, width, up);
        return up;
    }

    // The shared expert of qwen2moe is multiplied by silu(z)/z, z the product with the shared router; llama.cpp really forms that quotient.
    // That of qwen3next is multiplied by the sigmoid.
    private void Shared(ExpertsOperator op, IKernelBuffer x, int rows)
    {
        var up = op.SharedGate is null ? _gate : _up;
        if (op.SharedGate is not null)
            _kernels.MatMul(_matrix(op.SharedGate), x, rows, _gate);
        _kernels.MatMul(_matrix(op.SharedUp!), x, rows, up);
        _kernels.Gate(ForwardPass.Activation(op.Activation), _gate, up, rows * op.SharedWidth);
        _kernels.MatMul(_matrix(op.SharedDown!), _gate, rows, _result);
        if (op.SharedRouter is not null)
            Weigh(op, x, rows);
        _kernels.Add(_sum, _result, rows * op.Width);
    }

    private void Weigh(ExpertsOperator op, IKernelBuffer x, int rows)
    {
        var values = new float[op.Width];
        var w = new float[op.Width];
        _vector(op.SharedRouter!).Read(0, w);
        for (var row = 0; row < rows; row++)
        {
            x.Read(row * op.Width, values);
            double dot = 0;
            for (var i = 0; i < values.Length; i++)
                dot += values[i] * w[i];
            var z = (float)dot;
            _weights[row] = _traits.SigmoidSharedExpert ? 1 / (1 + MathF.Exp(-z)) : z / (1 + MathF.Exp(-z)) / z;
        }

        _kernels.ScaleRows(_result, _weights.AsSpan(0, rows), op.Width);
    }

    // One factor for an expert's whole matrix.
    private void Multiply(string? factors, int expert, int count, IKernelBuffer x)
    {
        if (factors is null)
            return;
        Span<float> factor = stackalloc float[1];
        _vector(factors).Read(expert, factor);
        _kernels.ScaleRows(x, factor, count);
    }

    private void AddBias(string? name, int expert, int rows, int width, IKernelBuffer x)
    {
        if (name is null)
            return;
        var all = _vector(name);
        _kernels.Slice(all, 1, all.Count, expert * width, width, _bias);
        _kernels.AddBias(x, _bias, rows, width);
    }

    // A token that chose an expert, and where the answer belongs.
    private readonly record struct Use(int Token, int Place, float Weight);
}
