using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Binds matrices and vectors of a model to kernels by their names.</summary>
/// <param name="kernels">Kernels.</param>
/// <param name="matrix">A matrix by its name.</param>
/// <param name="vector">A vector by its name.</param>
internal sealed class KernelBinding(IKernelSet kernels, Func<string, BankedMatrix> matrix, Func<string, float[]> vector)
{
    /// <summary>The kernels.</summary>
    public IKernelSet Kernels => kernels;

    /// <summary>A bound matrix.</summary>
    public IKernelMatrix Matrix(string name) => kernels.Bind(matrix(name));

    /// <summary>Values of a vector.</summary>
    public float[] Values(string name) => vector(name);

    /// <summary>A bound vector.</summary>
    public IKernelBuffer Vector(string name) => Bound(vector(name));

    /// <summary>A bound vector of given values.</summary>
    public IKernelBuffer Bound(float[] values)
    {
        var buffer = kernels.Allocate(values.Length);
        buffer.Write(values);
        return buffer;
    }

    /// <summary>Ones: what an activation without a gate is multiplied with.</summary>
    public static IKernelBuffer Ones(IKernelSet kernels, int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        var buffer = kernels.Allocate(count);
        buffer.Write(ones);
        return buffer;
    }
}
