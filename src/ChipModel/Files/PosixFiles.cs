using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TaalasSim.ChipModel.Files;

/// <summary>What POSIX offers beyond the class library: exclusive folders, flushed folders, exchanged names, locks that end with their
/// process. Numbers are Linux's; elsewhere the calls fall back or do nothing.</summary>
internal static partial class PosixFiles
{
    private const int CloseOnExec = 0x80000,
        NonBlocking = 0x800,
        WorkingFolder = -100,
        NoFollow = 0x100,
        NoReplaceFlag = 1,
        ExchangeFlag = 2,
        LockExclusive = 2,
        LockWithoutWaiting = 4,
        Interrupted = 4,
        NotSupported = 95,
        InvalidArgument = 22,
        NoSuchCall = 38;

    /// <summary>Kind, owner and identity of a file, of a link itself and not of what it points to.</summary>
    /// <param name="IsFolder">A folder.</param>
    /// <param name="IsRegular">A regular file.</param>
    /// <param name="Owner">User id.</param>
    /// <param name="Device">Device number.</param>
    /// <param name="Node">Number on the device.</param>
    public readonly record struct Entry(bool IsFolder, bool IsRegular, uint Owner, ulong Device, ulong Node);

    /// <summary>The user of this process.</summary>
    public static uint User => geteuid();

    /// <summary>Looks at an entry; null when it does not exist or the system is not Linux.</summary>
    public static Entry? Look(string path) => Look(path, NoFollow);

    /// <summary>Whether a path leads to a regular file; null when nothing is there or the system is not Linux.</summary>
    public static bool? IsRegularBehindLinks(string path) => Look(path, 0)?.IsRegular;

    private static unsafe Entry? Look(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        const int Size = 256,
            BasicFields = 0x7ff;
        var data = stackalloc byte[Size];
        if (statx(WorkingFolder, path, flags, BasicFields, data) != 0)
            return null;
        // struct statx: uid at 20, mode at 28, ino at 32, dev_major and dev_minor at 136.
        var kind = *(ushort*)(data + 28) & 0xF000;
        return new Entry(kind == 0x4000, kind == 0x8000, *(uint*)(data + 20), *(ulong*)(data + 136), *(ulong*)(data + 32));
    }

    /// <summary>Makes a folder that was not there.</summary>
    /// <param name="path">Folder.</param>
    /// <param name="ofUserOnly">Others may not look into it.</param>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public static void MakeFolder(string path, bool ofUserOnly)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else if (mkdir(path, ofUserOnly ? 0b111_000_000u : 0b111_111_111u) != 0)
            throw Fault("make the folder", path);
    }

    /// <summary>Flushes a file or the names in a folder to the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = Open(path);
        while (fsync(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            // Some file systems have nothing to flush for a folder.
            if (error is InvalidArgument or NotSupported)
                return;
            if (error != Interrupted)
                throw Fault("flush", path);
        }
    }

    /// <summary>Opens and locks a file or folder until the handle is closed or the process ends; null when another has the lock.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle? Lock(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var handle = Open(path);
        if (flock(handle, LockExclusive | LockWithoutWaiting) == 0)
            return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>Renames unless the target exists.</summary>
    /// <exception cref="IOException">It exists, or the rename fails.</exception>
    public static void MoveNew(string from, string to)
    {
        if (OperatingSystem.IsLinux() && RenameAt(from, to, NoReplaceFlag) is var error and not NoSuchCall and not InvalidArgument)
        {
            if (error != 0)
                throw Fault("rename to", to);
            return;
        }

        Directory.Move(from, to);
    }

    /// <summary>Exchanges two names in one step.</summary>
    /// <returns>Whether the file system can do so.</returns>
    /// <exception cref="IOException">It fails.</exception>
    public static bool Exchange(string a, string b)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        return RenameAt(a, b, ExchangeFlag) switch
        {
            0 => true,
            NoSuchCall or InvalidArgument or NotSupported => false,
            _ => throw Fault("replace", b),
        };
    }

    private static SafeFileHandle Open(string path)
    {
        var number = open(path, OperatingSystem.IsLinux() ? CloseOnExec | NonBlocking : 0);
        return number >= 0 ? new SafeFileHandle(number, ownsHandle: true) : throw Fault("open", path);
    }

    private static int RenameAt(string from, string to, uint flags)
    {
        try
        {
            return renameat2(WorkingFolder, from, WorkingFolder, to, flags) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            return NoSuchCall;
        }
    }

    private static IOException Fault(string action, string path) =>
        new($"cannot {action} {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
