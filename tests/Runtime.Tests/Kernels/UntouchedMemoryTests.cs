using System.Globalization;
using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Room that nobody uses takes no memory: a cache for a long context, the logits of a whole batch.</summary>
[Category("Kernels")]
[NonParallelizable]
public class UntouchedMemoryTests
{
    private const int Floats = 64 << 20; // 256 MiB

    [Test]
    public void Buffers_and_caches_are_backed_as_they_are_written()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("reads /proc/self/statm");
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        var before = Resident();
        using var buffer = kernels.Allocate(Floats);
        using var cache = kernels.AllocateCache(layers: 16, 1024, 1024, kvHeads: 8, capacity: Floats / (16 * 1024 * 2));
        Assert.That(Resident() - before, Is.LessThan(32 << 20));
        var ends = new float[1];
        buffer.Read(Floats - 1, ends);
        Assert.That(ends[0], Is.Zero);
    }

    private static long Resident() =>
        Environment.SystemPageSize * long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
}
