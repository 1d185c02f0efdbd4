using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// One decoded block row of a K-quant for 512-bit vectors: vector r holds four of the reference's eight lanes of each of the columns r, r +
/// 4, r + 8 and r + 12 (see <see cref="Avx512Sums"/>).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Avx512Block
{
    /// <summary>In the order in which they are multiplied.</summary>
    public fixed byte Codes[4096];

    /// <summary>[pair of sub-blocks, or sub-block][r][32]: pairs of scales.</summary>
    public fixed short Scales[1024];

    /// <summary>Per column.</summary>
    public fixed float Scale[16];

    /// <summary>Per column; formats with minima.</summary>
    public fixed float Minimum[16];

    /// <summary>[pair of sub-blocks][column]: minima as 16-bit pairs; formats with minima.</summary>
    public fixed int Minima[64];

    /// <summary>[group of 4 lanes][r][16]: what the integer sums begin at; formats with signed codes.</summary>
    public fixed int Starts[128];
}
