using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Bench.Kernels;

/// <summary>How fast the threads can read memory that no cache near them holds: the ceiling of decoding.</summary>
internal static unsafe class StreamBandwidth
{
    private const int Bytes = 128 << 20;

    /// <summary>As the products fetch their codes: the machine's own prefetcher stops at the end of a page.</summary>
    private const int Ahead = 4096;

    /// <summary>Bytes per second, best of eight.</summary>
    public static double Measure(int threads)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(Bytes, 64);
        NativeMemory.Fill(memory, Bytes, 1);
        var best = 0.0;
        for (var round = 0; round < 8; round++)
        {
            var start = Stopwatch.GetTimestamp();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t =>
                Read(memory + ((nint)Bytes / threads * t), Bytes / threads)
            );
            best = Math.Max(best, Bytes / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        NativeMemory.AlignedFree(memory);
        return best;
    }

    private static void Read(byte* at, int bytes)
    {
        Vector256<byte> a = default,
            b = default,
            c = default,
            d = default;
        for (var end = at + bytes; at < end; at += 128)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(at + Ahead);
                Sse.Prefetch0(at + Ahead + 64);
            }

            a ^= Vector256.Load(at);
            b ^= Vector256.Load(at + 32);
            c ^= Vector256.Load(at + 64);
            d ^= Vector256.Load(at + 96);
        }

        if ((a ^ b ^ c ^ d).ToScalar() == 255)
            Console.WriteLine("odd");
    }
}
