using TaalasSim.ChipModel.Fabric;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Activity;

/// <summary>Counts what real weights and activations toggle while another kernel set computes: two panels of every matrix, all of their
/// banks, every token.</summary>
internal sealed class ActivityKernels(IKernelSet inner, FabricSpec fabric) : KernelTap(inner)
{
    private readonly Dictionary<BankedMatrix, MatrixActivity> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HardwareNumerics _numerics = HardwareNumerics.Of(fabric);
    private float[] _host = [];
    private short[] _codes = [];

    /// <summary>What a matrix moved; null when it was never multiplied.</summary>
    public MatrixActivity? Of(BankedMatrix matrix) => _seen.GetValueOrDefault(matrix);

    protected override void Inputs(BankedMatrix matrix, IKernelBuffer x, int rows)
    {
        var count = rows * matrix.Inputs;
        if (_host.Length < count)
            (_host, _codes) = (new float[count], new short[count]);
        x.Read(0, _host.AsSpan(0, count));
        if (!_seen.TryGetValue(matrix, out var activity))
            _seen.Add(matrix, activity = MatrixActivity.Of(matrix, fabric));
        for (var r = 0; r < rows; r++)
        {
            var codes = _codes.AsSpan(r * matrix.Inputs, matrix.Inputs);
            Quantise(_host.AsSpan(r * matrix.Inputs, matrix.Inputs), codes, _numerics.ActivationLimit);
            activity.Add(codes);
        }
    }

    // One symmetric scale for the vector; see HardwareNumerics.
    private static void Quantise(ReadOnlySpan<float> values, Span<short> codes, int limit)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = MathF.Max(largest, MathF.Abs(value));
        var scale = largest / limit;
        for (var i = 0; i < values.Length; i++)
            codes[i] = scale > 0 ? (short)Math.Clamp(MathF.Round(values[i] / scale, MidpointRounding.ToEven), -limit, limit) : (short)0;
    }
}
