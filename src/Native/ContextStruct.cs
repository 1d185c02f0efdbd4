using System.Runtime.InteropServices;

namespace TaalasSim.Native;

/// <summary><c>taalas_context_settings</c> of <c>taalas.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ContextStruct
{
    public uint Size;
    public uint Positions;
    public SamplerStruct Sampler;
    public int* Stops;
    public uint StopCount;
    public uint EndsTexts;
}
