using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Bench.Gpu;

/// <summary>A computation whose results two sets of kernels must agree in.</summary>
/// <param name="Name">What it is, for the message.</param>
/// <param name="Run">Computes it.</param>
internal sealed record GpuCase(string Name, Func<IKernelSet, float[]> Run);
