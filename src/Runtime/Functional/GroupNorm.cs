using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Norms of groups of elements, each group with weights of its own: group by group through the kernel for one.</summary>
internal sealed class GroupNorm : IDisposable
{
    private readonly IKernelSet _kernels;
    private readonly IKernelBuffer _in;
    private readonly IKernelBuffer _out;
    private readonly Dictionary<string, IKernelBuffer[]> _weights = new(StringComparer.Ordinal);

    /// <summary>Makes room for the largest of some norms.</summary>
    public GroupNorm(IKernelSet kernels, IEnumerable<NormOperator> norms, Func<string, float[]> weights, int batch)
    {
        _kernels = kernels;
        var widest = 0;
        foreach (var norm in norms)
        {
            widest = Math.Max(widest, norm.GroupWidth);
            _weights.Add(norm.Weight!, [.. weights(norm.Weight!).Chunk(norm.GroupWidth).Select(Upload)]);
        }

        (_in, _out) = (kernels.Allocate(widest * batch), kernels.Allocate(widest * batch));
    }

    /// <summary>Norms every group of every row.</summary>
    public void Run(NormOperator norm, float epsilon, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        var weights = _weights[norm.Weight!];
        for (var group = 0; group < weights.Length; group++)
        {
            _kernels.Slice(x, rows, norm.Width, group * norm.GroupWidth, norm.GroupWidth, _in);
            _kernels.RmsNorm(_in, weights[group], epsilon, rows, norm.GroupWidth, _out);
            _kernels.Place(_out, rows, norm.GroupWidth, y, group * norm.GroupWidth, norm.Width);
        }
    }

    /// <summary>Frees buffers.</summary>
    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
        foreach (var weight in _weights.Values.SelectMany(w => w))
            weight.Dispose();
    }

    private IKernelBuffer Upload(float[] values)
    {
        var buffer = _kernels.Allocate(values.Length);
        buffer.Write(values);
        return buffer;
    }
}
