using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TaalasSim.Bench.Figures;

/// <summary>The system's cache of a file.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Whether <see cref="Drop"/> works here.</summary>
    public static bool CanDrop => OperatingSystem.IsLinux();

    /// <summary>Makes the next reader of a file fetch it from the disk; other files stay cached.</summary>
    public static void Drop(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file); // pages not yet written cannot be dropped
        if (Advise(file, 0, 0, DontNeed) != 0)
            throw new IOException($"{path}: the page cache keeps it");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
