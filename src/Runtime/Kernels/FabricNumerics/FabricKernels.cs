using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>The kernel of each format in the fabric's arithmetic.</summary>
internal static class FabricKernels
{
    /// <summary>The fastest kernel of a format.</summary>
    public static PanelKernel For(CodeFormat format, HardwareNumerics numerics, SimdLevel level)
    {
        if (format is RomFormat)
            return new RomKernel(format, numerics);
        var family = level == SimdLevel.Portable ? null : CpuFamily.Registry.Find(format);
        return family?.Floats() ?? new GgufKernel(format, family?.Spreader(format) ?? new ColumnSpreader(format));
    }
}
