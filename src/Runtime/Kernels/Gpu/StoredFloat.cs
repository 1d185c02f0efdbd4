using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Stored as binary32.</summary>
internal readonly struct StoredFloat : IStored<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Read(float stored) => stored;
}
