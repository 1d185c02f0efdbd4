using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What the vector units have for a format, given its decoder and how the reference sums its products.</summary>
internal abstract class CpuFamily
{
    /// <summary>The formats with a decoder in vector instructions.</summary>
    public static KernelRegistry<CpuFamily> Registry { get; } = new();

    /// <summary>The fastest kernel of the reference's arithmetic on an instruction set from AVX2 on.</summary>
    public abstract PanelKernel Reference(CodeFormat format, SimdLevel level);

    /// <summary>The kernel of the fabric's arithmetic for formats of plain floats; null for others.</summary>
    public virtual PanelKernel? Floats() => null;

    /// <summary>The decoder of block rows for the fabric's arithmetic; null for formats without blocks.</summary>
    public virtual RowSpreader? Spreader(CodeFormat format) => null;
}
