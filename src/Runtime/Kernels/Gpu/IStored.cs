namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>How a stored key or value becomes a float.</summary>
internal interface IStored<in T>
    where T : unmanaged
{
    float Read(T stored);
}
