using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// One decoded block row of a K-quant, in the order in which <see cref="LaneKernel{TFormat,TDot}"/> multiplies it. A vector of 32 bytes holds two columns r and
/// r + 4 of a half; of each, four of the reference's eight lanes with the four weights that fall on them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaneBlock
{
    /// <summary>[half][group of 4 lanes][sub-block of 32][r][32 bytes].</summary>
    public fixed byte Codes[4096];

    /// <summary>[half][sub-block of 32][r][16]: for each lane the scales of its two pairs of weights.</summary>
    public fixed short Scales[1024];

    /// <summary>Per column.</summary>
    public fixed float Scale[16];

    /// <summary>Per column; formats with minima.</summary>
    public fixed float Minimum[16];

    /// <summary>[half][pair of sub-blocks][column]: minima codes as 16-bit pairs.</summary>
    public fixed int Minima[64];
}
