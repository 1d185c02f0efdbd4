using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>F16.</summary>
internal readonly struct F16 : IFloatFormat
{
    public int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(PanelBlock block) => block.Half(0);
}
