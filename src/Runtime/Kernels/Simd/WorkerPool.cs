namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// Threads that start together and are waited for together. An operation of a small model takes microseconds, so a worker looks for the next one in a short
/// busy wait before it sleeps.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Looks before a worker sleeps: tens of microseconds.</summary>
    private const int Looks = 2000;

    private readonly object gate = new();
    private readonly Thread[] threads;
    private IParallelWork? work;
    private Exception? failure;
    private int generation;
    private int pending;
    private int sleeping;
    private bool stopped;

    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        threads = new Thread[workers - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            var worker = i + 1;
            threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"kernel worker {worker}" };
            threads[i].Start();
        }
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Workers { get; }

    /// <summary>Runs all parts of <paramref name="job"/>, the first on this thread, and returns when all are done.</summary>
    public void Run(IParallelWork job)
    {
        if (threads.Length == 0)
        {
            job.Run(0, 1);
            return;
        }

        work = job;
        failure = null;
        Volatile.Write(ref pending, threads.Length);
        Interlocked.Increment(ref generation);
        Wake();
        try
        {
            job.Run(0, Workers);
        }
        finally
        {
            for (var looks = 0; Volatile.Read(ref pending) != 0; looks++)
            {
                if (looks < Looks)
                    Thread.SpinWait(8);
                else
                    Thread.Yield();
            }
        }

        if (failure is not null)
            throw new InvalidOperationException("a kernel worker failed", failure);
    }

    public void Dispose()
    {
        Volatile.Write(ref stopped, true);
        Interlocked.Increment(ref generation);
        Wake();
        foreach (var thread in threads)
            thread.Join();
    }

    private void Wake()
    {
        if (Volatile.Read(ref sleeping) == 0)
            return;
        lock (gate)
            Monitor.PulseAll(gate);
    }

    private void Loop(int worker)
    {
        for (var seen = 0; ;)
        {
            seen = Await(seen);
            if (Volatile.Read(ref stopped))
                return;
            try
            {
                work!.Run(worker, Workers);
            }
            catch (Exception e)
            {
                failure = e;
            }

            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>Waits until the generation is another than <paramref name="seen"/>.</summary>
    private int Await(int seen)
    {
        for (var looks = 0; looks < Looks; looks++)
        {
            var now = Volatile.Read(ref generation);
            if (now != seen)
                return now;
            Thread.SpinWait(8);
        }

        lock (gate)
        {
            Interlocked.Increment(ref sleeping); // before the look below, so that Run either sees a sleeper or is seen
            while (Volatile.Read(ref generation) == seen)
                Monitor.Wait(gate);
            Interlocked.Decrement(ref sleeping);
            return Volatile.Read(ref generation);
        }
    }
}
