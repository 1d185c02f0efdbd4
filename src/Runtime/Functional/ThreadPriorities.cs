using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Functional;

/// <summary>Priority of the calling thread. .NET's own setting does nothing on Linux.</summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0,
        LowestNice = 19;

    /// <summary>Leaves the processor to every other thread that wants it.</summary>
    public static void LowerMine()
    {
        // On Linux a nice value belongs to a thread, and 0 names the calling one. A refusal does no harm.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, 0, LowestNice);
        else
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
