using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Fetches codes before they are multiplied: a single vector reads them once, and the machine's own prefetcher stops at the end of
/// a page.</summary>
internal static unsafe class CodeFetch
{
    /// <summary>Bytes between what is multiplied and what is fetched, where blocks are short.</summary>
    public const int Ahead = 4096;

    /// <summary>Fetches <paramref name="bytes"/> bytes, whole lines of the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(byte* at, int bytes)
    {
        if (Sse.IsSupported)
            for (var end = at + bytes; at < end; at += 64)
                Sse.Prefetch0(at);
    }
}
