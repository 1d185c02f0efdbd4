namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>A matrix bound to a backend.</summary>
public interface IKernelMatrix : IDisposable
{
    /// <summary>The wiring it was made from.</summary>
    BankedMatrix Source { get; }
}
