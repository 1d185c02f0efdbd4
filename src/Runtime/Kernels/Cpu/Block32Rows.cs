using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Block rows of a 32-weight format spread for many input vectors: what they share is worked out once.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Block32Rows
{
    /// <summary>Block rows that fit; with some input vectors they fill the nearest cache.</summary>
    public const int Capacity = 32;

    /// <summary>[block][group of 4 weights][column][4]: codes as the byte dot wants them.</summary>
    public fixed byte Codes[Capacity * 512];

    /// <summary>[block][column].</summary>
    public fixed float Scales[Capacity * 16];

    /// <summary>[block][column]; formats with minima.</summary>
    public fixed float Minima[Capacity * 16];
}
