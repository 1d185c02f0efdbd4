using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>One transformer layer, norms before and behind each branch.</summary>
internal sealed class PatchLayer : IDisposable
{
    private const double Log2E = 1.442695041;

    private readonly TimesFmSizes _sizes;
    private readonly IKernelSet _kernels;
    private readonly int _layer;
    private readonly IKernelBuffer _beforeAttention;
    private readonly IKernelBuffer _behindAttention;
    private readonly IKernelBuffer _beforeFeedForward;
    private readonly IKernelBuffer _behindFeedForward;
    private readonly IKernelBuffer _queryNorm;
    private readonly IKernelBuffer _keyNorm;
    private readonly IKernelMatrix _queryKeyValue;
    private readonly IKernelMatrix _attentionOutput;
    private readonly IKernelMatrix _up;
    private readonly IKernelMatrix _down;

    public PatchLayer(KernelBinding binding, TimesFmSizes sizes, int layer)
    {
        (_sizes, _kernels, _layer) = (sizes, binding.Kernels, layer);
        var name = TimesFmTensors.Layer(layer);
        _beforeAttention = binding.Vector(name + "pre_attn_ln.scale");
        _behindAttention = binding.Vector(name + "post_attn_ln.scale");
        _beforeFeedForward = binding.Vector(name + "pre_ff_ln.scale");
        _behindFeedForward = binding.Vector(name + "post_ff_ln.scale");
        // The scale of each dimension multiplies the normalised query, so it is part of that norm's gain.
        var gain = (float[])binding.Values(name + "attn.query_ln.scale").Clone();
        var scale = binding.Values(name + "attn.per_dim_scale.per_dim_scale");
        for (var i = 0; i < gain.Length; i++)
            gain[i] = (float)(gain[i] * DimensionScale(scale[i], sizes.HeadSize));
        _queryNorm = binding.Bound(gain);
        _keyNorm = binding.Vector(name + "attn.key_ln.scale");
        _queryKeyValue = binding.Matrix(name + "attn.qkv_proj.weight");
        _attentionOutput = binding.Matrix(name + "attn.out.weight");
        _up = binding.Matrix(name + "ff0.weight");
        _down = binding.Matrix(name + "ff1.weight");
    }

    /// <summary>Factor on one dimension of the queries: log2(e) / √(head size) · softplus(s); 1 / √(head size) at s = 0.</summary>
    public static double DimensionScale(double s, int headSize) =>
        Log2E / Math.Sqrt(headSize) * (Math.Max(s, 0) + Math.Log(1 + Math.Exp(-Math.Abs(s))));

    /// <summary>Computes rows in place.</summary>
    /// <param name="x">[rows][width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="position">Position of the first row.</param>
    /// <param name="angles">Rotary angles of the rows.</param>
    /// <param name="attention">Keys and values of the series.</param>
    public void Compute(IKernelBuffer x, int rows, int position, IKernelBuffer angles, PatchAttention attention)
    {
        int width = _sizes.Width,
            wide = _sizes.FeedForward;
        using var branch = _kernels.Allocate(rows * width);
        using var normed = _kernels.Allocate(rows * width);
        _kernels.RmsNorm(x, _beforeAttention, TimesFmSizes.NormEpsilon, rows, width, normed);
        Attend(normed, rows, position, angles, attention, branch);
        _kernels.RmsNorm(branch, _behindAttention, TimesFmSizes.NormEpsilon, rows, width, normed);
        _kernels.Add(x, normed, rows * width);

        using var hidden = _kernels.Allocate(rows * wide);
        using var ones = KernelBinding.Ones(_kernels, rows * wide);
        _kernels.RmsNorm(x, _beforeFeedForward, TimesFmSizes.NormEpsilon, rows, width, normed);
        _kernels.MatMul(_up, normed, rows, hidden);
        _kernels.Gate(GateActivation.Silu, hidden, ones, rows * wide);
        _kernels.MatMul(_down, hidden, rows, branch);
        _kernels.RmsNorm(branch, _behindFeedForward, TimesFmSizes.NormEpsilon, rows, width, normed);
        _kernels.Add(x, normed, rows * width);
    }

    public void Dispose()
    {
        foreach (
            var part in (IDisposable[])
                [
                    _beforeAttention,
                    _behindAttention,
                    _beforeFeedForward,
                    _behindFeedForward,
                    _queryNorm,
                    _keyNorm,
                    _queryKeyValue,
                    _attentionOutput,
                    _up,
                    _down,
                ]
        )
            part.Dispose();
    }

    // Queries and keys are rotated before they are normalised.
    private void Attend(IKernelBuffer x, int rows, int position, IKernelBuffer angles, PatchAttention attention, IKernelBuffer y)
    {
        int width = _sizes.Width,
            heads = _sizes.Heads,
            headSize = _sizes.HeadSize;
        using var joint = _kernels.Allocate(rows * 3 * width);
        using var part = _kernels.Allocate(rows * width);
        using var normed = _kernels.Allocate(rows * width);
        _kernels.MatMul(_queryKeyValue, x, rows, joint);

        float[] Part(int index, IKernelBuffer? gain)
        {
            var values = new float[rows * width];
            _kernels.Slice(joint, rows, 3 * width, index * width, width, part);
            if (gain is null)
            {
                part.Read(0, values);
                return values;
            }

            _kernels.Rope(part, angles, rows, heads, headSize, headSize, neox: true);
            _kernels.RmsNorm(part, gain, TimesFmSizes.NormEpsilon, rows * heads, headSize, normed);
            normed.Read(0, values);
            return values;
        }

        var (query, key, value) = (Part(0, _queryNorm), Part(1, _keyNorm), Part(2, null));
        attention.Store(_layer, position, key, value);
        var result = new float[rows * width];
        attention.Attend(_layer, position, query, result);
        part.Write(result);
        _kernels.MatMul(_attentionOutput, part, rows, y);
    }
}
