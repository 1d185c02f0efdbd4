using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A format of plain floats: one weight of sixteen columns side by side.</summary>
internal unsafe interface IFloatFormat
{
    /// <summary>Bytes of a weight.</summary>
    static abstract int Bytes { get; }

    /// <summary>The sixteen columns' weights.</summary>
    static abstract Vector512<float> Load(byte* at);
}
