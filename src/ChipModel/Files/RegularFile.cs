using System.Runtime.InteropServices;
using System.Text;

namespace TaalasSim.ChipModel.Files;

/// <summary>Reads small files whole and no more of them than is allowed, whatever their length is said to be; refuses pipes and
/// devices, which may never end.</summary>
public static partial class RegularFile
{
    private const ushort KindMask = 0xF000,
        FolderKind = 0x4000,
        RegularKind = 0x8000;

    /// <summary>Text of a file in UTF-8.</summary>
    /// <param name="path">File.</param>
    /// <param name="most">Most bytes that are read.</param>
    /// <param name="what">What the file is meant to be, for messages.</param>
    /// <exception cref="InputException">Missing, no regular file, too large, or not readable.</exception>
    public static string ReadText(string path, long most, string what)
    {
        var bytes = ReadBytes(path, most, what);
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    /// <summary>Bytes of a file.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static byte[] ReadBytes(string path, long most, string what)
    {
        try
        {
            if (!File.Exists(path))
                throw new InputException(Directory.Exists(path) ? $"{path}: is a folder, not {what}" : $"{path}: no such file");
            Check(path, what);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return ReadBytes(stream, path, most, what);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Bytes of a stream, which may be a pipe.</summary>
    /// <param name="stream">The stream; it is read to its end.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="most">Most bytes that are read.</param>
    /// <param name="what">What it is meant to be, for messages.</param>
    /// <exception cref="InputException">It gives more bytes.</exception>
    public static byte[] ReadBytes(Stream stream, string name, long most, string what)
    {
        using var read = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int n; (n = stream.Read(buffer)) > 0; )
        {
            if (read.Length + n > most)
                throw new InputException($"{name}: more than {most} bytes, too large for {what}");
            read.Write(buffer, 0, n);
        }

        return read.ToArray();
    }

    /// <summary>Refuses what is no regular file and may therefore block or never end. A link is followed; folders and what is absent are
    /// left to whoever opens them.</summary>
    /// <param name="path">File.</param>
    /// <param name="what">What the file is meant to be, for messages.</param>
    /// <exception cref="InputException">A pipe, device or socket.</exception>
    public static void Check(string path, string what)
    {
        if (Kind(path) is { } kind && kind is not (RegularKind or FolderKind))
            throw new InputException($"{path}: is a pipe or a device, not {what}");
    }

    /// <summary>Whether a path is a file that ends, as far as the system tells. A link is followed.</summary>
    /// <param name="path">What exists and is no folder.</param>
    public static bool Is(string path) => Kind(path) is null or RegularKind;

    // Kind of file by the system; null where it cannot be asked.
    private static unsafe int? Kind(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        const int Size = 256,
            WorkingFolder = -100,
            TypeField = 1,
            ModeOffset = 28;
        var data = stackalloc byte[Size];
        return statx(WorkingFolder, path, 0, TypeField, data) == 0 ? *(ushort*)(data + ModeOffset) & KindMask : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* data);
}
