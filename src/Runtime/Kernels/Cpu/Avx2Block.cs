using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// One decoded block row of a K-quant, in the order in which <see cref="Avx2Gemm{TFormat,TDot}"/> multiplies it. A vector of 32 bytes holds
/// two columns r and r + 4 of a half; of each, four of the reference's eight lanes with the four weights that fall on them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Avx2Block
{
    /// <summary>[half][group of 4 lanes][sub-block of 32][r][32 bytes].</summary>
    public fixed byte Codes[4096];

    /// <summary>What the codes are scaled with.</summary>
    public KQuantScales Scales;
}
