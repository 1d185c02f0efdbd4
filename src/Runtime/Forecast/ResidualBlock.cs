using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>output(silu(hidden(x))) + residual(x), each with a bias or without.</summary>
internal sealed class ResidualBlock : IDisposable
{
    private readonly IKernelMatrix _hidden;
    private readonly IKernelMatrix _output;
    private readonly IKernelMatrix _residual;
    private readonly IKernelBuffer? _hiddenBias;
    private readonly IKernelBuffer? _outputBias;
    private readonly IKernelBuffer? _residualBias;

    /// <summary>Binds the tensors of a block.</summary>
    /// <param name="binding">Where they are from.</param>
    /// <param name="name">Name of the block.</param>
    /// <param name="biased">Whether it has biases.</param>
    public ResidualBlock(KernelBinding binding, string name, bool biased)
    {
        _hidden = binding.Matrix(name + TimesFmTensors.Hidden + TimesFmTensors.Weight);
        _output = binding.Matrix(name + TimesFmTensors.Output + TimesFmTensors.Weight);
        _residual = binding.Matrix(name + TimesFmTensors.Residual + TimesFmTensors.Weight);
        if (!biased)
            return;
        _hiddenBias = binding.Vector(name + TimesFmTensors.Hidden + TimesFmTensors.Bias);
        _outputBias = binding.Vector(name + TimesFmTensors.Output + TimesFmTensors.Bias);
        _residualBias = binding.Vector(name + TimesFmTensors.Residual + TimesFmTensors.Bias);
    }

    /// <summary>Outputs of one row.</summary>
    public int Outputs => _output.Source.Outputs;

    /// <summary>Computes rows.</summary>
    /// <param name="kernels">Kernels that the block is bound to.</param>
    /// <param name="x">[rows][inputs].</param>
    /// <param name="rows">Rows.</param>
    /// <returns>[rows][outputs]; the caller disposes it.</returns>
    public IKernelBuffer Compute(IKernelSet kernels, IKernelBuffer x, int rows)
    {
        var width = _hidden.Source.Outputs;
        using var hidden = kernels.Allocate(rows * width);
        using var ones = KernelBinding.Ones(kernels, rows * width);
        using var residual = kernels.Allocate(rows * Outputs);
        var y = kernels.Allocate(rows * Outputs);
        kernels.MatMul(_hidden, x, rows, hidden);
        if (_hiddenBias is not null)
            kernels.AddBias(hidden, _hiddenBias, rows, width);
        kernels.Gate(GateActivation.Silu, hidden, ones, rows * width);
        kernels.MatMul(_output, hidden, rows, y);
        if (_outputBias is not null)
            kernels.AddBias(y, _outputBias, rows, Outputs);
        kernels.MatMul(_residual, x, rows, residual);
        if (_residualBias is not null)
            kernels.AddBias(residual, _residualBias, rows, Outputs);
        kernels.Add(y, residual, rows * Outputs);
        return y;
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[_hidden, _output, _residual, _hiddenBias, _outputBias, _residualBias])
            part?.Dispose();
    }
}
