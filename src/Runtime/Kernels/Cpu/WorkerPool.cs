namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Threads that share the parts of one job. An operation of a small model takes microseconds, so a worker looks for the next one in a short
/// busy wait before it sleeps; and whoever is there takes the next part, so that a worker which the system has put aside holds nobody up.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Looks before a worker sleeps: tens of microseconds.</summary>
    private const int Looks = 2000;

    /// <summary>Parts per worker: enough to level out noise, few enough to keep runs of panels long.</summary>
    private const int PartsPerWorker = 4;

    private readonly object gate = new();
    private readonly Thread[] threads;
    private readonly int parts;
    private IParallelWork? work;
    private Exception? failure;

    /// <summary>Number of the job in the upper half, parts taken in the lower.</summary>
    private long ticket;
    private int done;
    private int sleeping;
    private bool stopped;

    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        parts = workers * PartsPerWorker;
        threads = new Thread[workers - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            var worker = i + 1;
            threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"kernel worker {worker}" };
            threads[i].Start();
        }
    }

    /// <summary>Runs all parts of <paramref name="job"/> and returns when all are done.</summary>
    public void Run(IParallelWork job)
    {
        if (threads.Length == 0)
        {
            job.Run(0, 0, 1);
            return;
        }

        // All parts of the job before are done, so no worker can hold or take one of it; the ticket publishes the fields written here.
        work = job;
        failure = null;
        done = 0;
        var number = NextJob();
        TakeParts(0, number);
        for (var looks = 0; Volatile.Read(ref done) != parts; looks++)
        {
            if (looks < Looks)
                Thread.SpinWait(8);
            else
                Thread.Yield();
        }

        if (failure is not null)
            throw new InvalidOperationException("a kernel failed", failure);
    }

    public void Dispose()
    {
        Volatile.Write(ref stopped, true);
        NextJob();
        foreach (var thread in threads)
            thread.Join();
    }

    private long NextJob()
    {
        var number = (Volatile.Read(ref ticket) >> 32) + 1;
        Interlocked.Exchange(ref ticket, number << 32);
        if (Volatile.Read(ref sleeping) != 0)
            lock (gate)
                Monitor.PulseAll(gate);
        return number;
    }

    private void TakeParts(int worker, long number)
    {
        var job = work!;
        while (true)
        {
            var now = Volatile.Read(ref ticket);
            var part = (int)(now & 0xFFFFFFFF);
            if (now >> 32 != number || part >= parts)
                return;
            if (Interlocked.CompareExchange(ref ticket, now + 1, now) != now)
                continue;
            try
            {
                job.Run(worker, part, parts);
            }
            catch (Exception e)
            {
                failure = e;
            }

            Interlocked.Increment(ref done);
        }
    }

    private void Loop(int worker)
    {
        for (long seen = 0; ; )
        {
            seen = Await(seen);
            if (Volatile.Read(ref stopped))
                return;
            TakeParts(worker, seen);
        }
    }

    /// <summary>Waits for a job other than <paramref name="seen"/>.</summary>
    private long Await(long seen)
    {
        for (var looks = 0; looks < Looks; looks++)
        {
            var now = Volatile.Read(ref ticket) >> 32;
            if (now != seen)
                return now;
            Thread.SpinWait(8);
        }

        lock (gate)
        {
            Interlocked.Increment(ref sleeping); // before the look below, so that NextJob either sees a sleeper or is seen
            while (Volatile.Read(ref ticket) >> 32 == seen)
                Monitor.Wait(gate);
            Interlocked.Decrement(ref sleeping);
            return Volatile.Read(ref ticket) >> 32;
        }
    }
}
