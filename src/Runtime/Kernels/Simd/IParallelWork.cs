namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>Something that a <see cref="WorkerPool"/> does on all its threads at once; the split must not change any result.</summary>
internal interface IParallelWork
{
    /// <summary>Does this worker's part.</summary>
    void Run(int worker, int workers);
}
