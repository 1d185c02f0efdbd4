using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Scales and minima of a block row of a K-quant.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KQuantScales
{
    /// <summary>[half][sub-block of 32][r][16]: for each lane the scales of its two pairs of weights.</summary>
    public fixed short Scales[1024];

    /// <summary>Per column.</summary>
    public fixed float Scale[16];

    /// <summary>Per column; formats with minima.</summary>
    public fixed float Minimum[16];

    /// <summary>[half][pair of sub-blocks][column]: minima codes as 16-bit pairs.</summary>
    public fixed int Minima[64];
}
