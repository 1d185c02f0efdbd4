using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A view of a banked matrix with the kernel that multiplies it.</summary>
internal sealed class SimdMatrix(BankedMatrix source, PanelKernel kernel, ActivationKind activations) : IKernelMatrix
{
    public BankedMatrix Source { get; } = source;

    public PanelKernel Kernel { get; } = kernel;

    public ActivationKind Activations { get; } = activations;

    public void Dispose()
    {
        // The codes belong to the mapped file.
    }
}
