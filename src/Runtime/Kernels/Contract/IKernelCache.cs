namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Keys and values of one context on a backend.</summary>
public interface IKernelCache : IDisposable
{
    /// <summary>Positions that fit.</summary>
    int Capacity { get; }
}
