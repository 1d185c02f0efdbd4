using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>The weights of a checkpoint in memory as binary32.</summary>
public sealed class CheckpointWeights : IDisposable
{
    private readonly Dictionary<string, FloatMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    /// <summary>Copies the weights; the checkpoint may be closed afterwards.</summary>
    /// <exception cref="ChipModel.Files.InputException">A weight is not finite.</exception>
    public CheckpointWeights(TimesFmCheckpoint checkpoint, CancellationToken cancel = default)
    {
        Sizes = checkpoint.Sizes;
        try
        {
            foreach (var tensor in checkpoint.Tensors)
            {
                cancel.ThrowIfCancellationRequested();
                if (tensor.IsMatrix)
                    _matrices.Add(tensor.Name, new FloatMatrix(checkpoint, tensor));
                else
                {
                    var values = new float[tensor.Outputs];
                    checkpoint.Read(tensor.Name, 0, values);
                    _vectors.Add(tensor.Name, values);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Sizes of the model.</summary>
    public TimesFmSizes Sizes { get; }

    /// <summary>A matrix by its name.</summary>
    public BankedMatrix Matrix(string name) => _matrices[name].View;

    /// <summary>A vector by its name.</summary>
    public float[] Vector(string name) => _vectors[name];

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (var matrix in _matrices.Values)
            matrix.Dispose();
        _matrices.Clear();
    }
}
