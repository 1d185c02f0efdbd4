using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Stored as binary16.</summary>
internal readonly struct StoredHalf : IStored<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Read(ushort stored) => HalfBits.Value(stored);
}
