using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A decoded block row of at most 256 weights, as <see cref="SumKernel{TFormat,TSum,TDot}"/> multiplies it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SumBlock
{
    /// <summary>[unit of 4 weights][column][4]: weights in the order of the inputs, as the byte dot wants them.</summary>
    public fixed byte Codes[4096];

    /// <summary>[part][column]: integers or floats, as the sum of the format reads them.</summary>
    public fixed int Scales[256];

    /// <summary>[pair of parts of 16][column]: minima codes as 16-bit pairs; formats with minima.</summary>
    public fixed int Minima[128];

    /// <summary>Per column.</summary>
    public fixed float Scale[16];

    /// <summary>Per column; formats with minima.</summary>
    public fixed float Minimum[16];
}
