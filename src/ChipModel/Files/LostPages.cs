using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Files mapped into memory. Where one becomes shorter while it is mapped, or its disk fails, the system has no page for a read and sends
/// SIGBUS to the thread; the runtime would end in a dump of its stacks. While an object of this class lives, the program ends in one line
/// that names the mapped files, with exit code 2, and leaves what a kill leaves: every output old or new.
/// </summary>
/// <remarks>
/// No managed code can run in a signal handler that interrupts managed code, so the handler is a few machine instructions that write the
/// prepared line and end the process. They are for Linux on x64; elsewhere nothing is guarded.
/// </remarks>
public sealed unsafe partial class LostPages : IDisposable
{
    private const int ExitCode = 2,
        StandardError = 2,
        LengthBytes = sizeof(int),
        MostNamed = 3,
        LongestLine = 4096;

    private static readonly Lock Guard = new();
    private static readonly List<string> Mapped = [];

    // Where the handler finds the line; null until it is there or where there is none.
    private static readonly byte** Line = Install();

    private readonly string _path;
    private bool _disposed;

    private LostPages(string path) => _path = path;

    /// <summary>Guards a file for as long as the object lives.</summary>
    /// <param name="path">File that is mapped.</param>
    public static LostPages Of(string path)
    {
        lock (Guard)
        {
            Mapped.Add(path);
            Publish();
        }

        return new LostPages(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Guard)
        {
            if (_disposed)
                return;
            _disposed = true;
            Mapped.Remove(_path);
            Publish();
        }
    }

    /// <summary>The line that the program ends with.</summary>
    /// <param name="mapped">Paths of the files that are mapped.</param>
    public static string Text(IReadOnlyList<string> mapped)
    {
        var names = mapped.Distinct(StringComparer.Ordinal).ToList();
        var named = string.Join(" or ", names.Take(MostNamed).Select(NameGate.Visible));
        var more = names.Count > MostNamed ? $" or another of {names.Count} files" : "";
        return $"taalas: {(names.Count == 0 ? "a mapped file" : named)}{more}: a part can no longer be read: the file became shorter, or "
            + "its disk failed; start again when nothing writes to it\n";
    }

    // The handler may run at any moment: a line stays as it is until the pointer leads to the next one, and until one more follows.
    private static void Publish()
    {
        if (Line is null)
            return;
        var text = Encoding.UTF8.GetBytes(Text(Mapped));
        if (text.Length > LongestLine)
            text = [.. text.AsSpan(0, LongestLine - 1), (byte)'\n'];
        var lines = (byte*)(Line + 1);
        var next = *Line == lines + LengthBytes ? lines + LengthBytes + LongestLine : lines;
        *(int*)next = text.Length;
        text.CopyTo(new Span<byte>(next + LengthBytes, LongestLine));
        Volatile.Write(ref *(nint*)Line, (nint)(next + LengthBytes));
    }

    private static byte** Install()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;
        const int Read = 1,
            Write = 2,
            Execute = 4,
            PrivateAnonymous = 0x22,
            CodeBytes = 4096;
        var size = sizeof(byte*) + (2 * (LengthBytes + LongestLine));
        var line = (byte**)NativeMemory.AllocZeroed((nuint)size);
        var code = mmap(null, CodeBytes, Read | Write, PrivateAnonymous, -1, 0);
        if ((nint)code == -1)
            return null;
        Instructions(line).CopyTo(new Span<byte>(code, CodeBytes));
        return mprotect(code, CodeBytes, Read | Execute) == 0 && Handle(code) ? line : null;
    }

    // write(2, line, length of the line, which stands before it); exit_group(2). Numbers of calls are those of Linux on x64.
    private static byte[] Instructions(byte** line)
    {
        const int WriteCall = 1,
            ExitCall = 231;
        var code = new List<byte>();
        void Number(byte instruction, int value) => code.AddRange([instruction, .. BitConverter.GetBytes(value)]);
        // mov rsi, line; mov rsi, [rsi]; mov edx, [rsi - 4]
        var address = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(address, (ulong)line);
        code.AddRange([0x48, 0xBE, .. address, 0x48, 0x8B, 0x36, 0x8B, 0x56, 0xFC]);
        // mov edi, 2; mov eax, write; syscall
        Number(0xBF, StandardError);
        Number(0xB8, WriteCall);
        code.AddRange([0x0F, 0x05]);
        // mov edi, exit code; mov eax, exit_group; syscall
        Number(0xBF, ExitCode);
        Number(0xB8, ExitCall);
        code.AddRange([0x0F, 0x05]);
        return [.. code];
    }

    // struct sigaction of glibc and musl: handler at 0, mask of 128 bytes, flags at 136.
    private static bool Handle(void* code)
    {
        const int BusError = 7,
            StructBytes = 256,
            FlagsOffset = 136,
            OnOwnStack = 0x08000000;
        var action = stackalloc byte[StructBytes];
        new Span<byte>(action, StructBytes).Clear();
        *(void**)action = code;
        *(int*)(action + FlagsOffset) = OnOwnStack;
        return sigaction(BusError, action, null) == 0;
    }

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(void* address, nuint length, int protection);

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, void* action, void* before);
}
