using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>F32.</summary>
internal readonly struct F32 : IFloatFormat
{
    public int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => Interop.IntAsFloat(block.Word(0, 0));
}
