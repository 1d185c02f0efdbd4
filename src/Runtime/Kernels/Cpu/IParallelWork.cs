namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Something that a <see cref="WorkerPool"/> does in parts; neither the number of parts nor who does which may change any
/// result.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part.</summary>
    /// <param name="worker">Which thread: picks scratch memory.</param>
    /// <param name="part">Part, 0…<paramref name="parts"/> − 1.</param>
    /// <param name="parts">Parts in all.</param>
    void Run(int worker, int part, int parts);
}
