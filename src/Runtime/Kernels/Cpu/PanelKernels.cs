using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The kernel of each format on each instruction set.</summary>
internal static class PanelKernels
{
    /// <summary>The fastest kernel of the reference's arithmetic.</summary>
    public static PanelKernel For(CodeFormat format, SimdLevel level)
    {
        ScalarProduct.Check(format);
        var family = level == SimdLevel.Portable ? null : CpuFamily.Registry.Find(format);
        return family?.Reference(format, level) ?? new ColumnKernel(format);
    }
}
