using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A format of plain floats: one weight of sixteen columns side by side.</summary>
internal unsafe interface IFloatFormat
{
    /// <summary>Bytes of a weight.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether weights and activations have at most 12 significant bits each: their products are exact in binary32 unless they
    /// leave its range.</summary>
    static virtual bool IsShort => false;

    /// <summary>Whether no product leaves the range of binary32.</summary>
    static virtual bool StaysInRange => false;

    /// <summary>The sixteen columns' weights.</summary>
    static abstract Vector512<float> Load(byte* at);
}
