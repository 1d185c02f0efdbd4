using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// A kernel set with two taps: matrices are exchanged as they are bound, and the inputs of every product are added up as squares.
/// Everything else is the inner set's.
/// </summary>
/// <param name="inner">Kernels that compute; stay the caller's.</param>
/// <param name="exchange">Gives the matrix to bind instead of another; the same one to leave it.</param>
/// <param name="record">Whether inputs are added up.</param>
internal sealed class CalibrationKernels(IKernelSet inner, Func<BankedMatrix, BankedMatrix> exchange, bool record) : KernelTap(inner)
{
    private readonly Dictionary<BankedMatrix, (double[] Squares, long Rows)> _inputs = new(ReferenceEqualityComparer.Instance);
    private float[] _host = [];

    /// <summary>Mean squared input of a matrix, or null when it was never multiplied.</summary>
    public float[]? MeanSquares(BankedMatrix matrix) =>
        _inputs.TryGetValue(matrix, out var sum) ? [.. sum.Squares.Select(s => (float)(s / sum.Rows))] : null;

    public override IKernelMatrix Bind(BankedMatrix matrix) => base.Bind(exchange(matrix));

    protected override void Inputs(BankedMatrix matrix, IKernelBuffer x, int rows)
    {
        if (!record)
            return;
        var count = rows * matrix.Inputs;
        if (_host.Length < count)
            _host = new float[count];
        x.Read(0, _host.AsSpan(0, count));
        var (squares, seen) = _inputs.TryGetValue(matrix, out var sum) ? sum : (new double[matrix.Inputs], 0);
        for (var r = 0; r < rows; r++)
        for (var i = 0; i < matrix.Inputs; i++)
            squares[i] += (double)_host[(r * matrix.Inputs) + i] * _host[(r * matrix.Inputs) + i];
        _inputs[matrix] = (squares, seen + rows);
    }
}
