using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>BF16.</summary>
internal readonly struct Bf16 : IFloatFormat
{
    public int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => Interop.IntAsFloat(block.Short(0) << 16);
}
