using System.Globalization;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>What a process holds after everything that is unused was freed.</summary>
/// <param name="HeapBytes">Objects on the managed heap.</param>
/// <param name="ResidentBytes">Memory of the process.</param>
/// <param name="Handles">Open files, pipes and sockets.</param>
/// <param name="Mappings">Mapped files of the working folder.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Temporaries">Temporary files and folders of the program.</param>
internal sealed record SoakState(long HeapBytes, long ResidentBytes, int Handles, int Mappings, int Threads, int Temporaries)
{
    /// <summary>What this process holds now.</summary>
    /// <param name="folder">Folder in which the commands work.</param>
    public static SoakState Now(string folder)
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var status = File.ReadAllLines("/proc/self/status");
        long Number(string entry) =>
            long.Parse(
                status.First(l => l.StartsWith(entry, StringComparison.Ordinal)).AsSpan(entry.Length).TrimEnd("kB"),
                CultureInfo.InvariantCulture
            );
        return new SoakState(
            GC.GetTotalMemory(forceFullCollection: true),
            Number("VmRSS:") << 10,
            Directory.GetFileSystemEntries("/proc/self/fd").Length,
            File.ReadLines("/proc/self/maps").Count(l => l.Contains(folder, StringComparison.Ordinal)),
            (int)Number("Threads:"),
            Directory.GetFileSystemEntries(TemporaryFolder.OfProcess, ".taalas-*", SearchOption.AllDirectories).Length
        );
    }
}
