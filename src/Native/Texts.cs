using System.Runtime.InteropServices;
using System.Text;

namespace TaalasSim.Native;

/// <summary>Texts and structs across the border.</summary>
internal static unsafe class Texts
{
    /// <summary>Copies a text with a 0 behind it, cut between characters to the room.</summary>
    public static void Copy(string text, Span<byte> room)
    {
        room.Clear();
        Encoding.UTF8.GetEncoder().Convert(text, room[..^1], flush: true, out _, out _, out _);
    }

    /// <summary>Reads a C string.</summary>
    public static string Read(byte* text, string name)
    {
        Guard.NotNull(text, name);
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>Fills a struct that begins with its size: as much of it as the caller's version has.</summary>
    /// <exception cref="LibraryException">It is smaller than that of version 1.</exception>
    public static void Fill<T>(T* target, T value, string name)
        where T : unmanaged
    {
        Guard.NotNull(target, name);
        var size = CheckedSize(target, name);
        *(uint*)&value = size;
        new ReadOnlySpan<byte>(&value, (int)Math.Min(size, (uint)sizeof(T))).CopyTo(new Span<byte>(target, sizeof(T)));
    }

    /// <summary>The size at the beginning of a struct.</summary>
    /// <exception cref="LibraryException">It is smaller than that of version 1.</exception>
    public static uint CheckedSize<T>(T* value, string name)
        where T : unmanaged
    {
        Guard.NotNull(value, name);
        var size = *(uint*)value;
        return size >= sizeof(T)
            ? size
            : throw new LibraryException(
                LibraryStatus.BadArgument,
                FormattableString.Invariant($"{name}->size is {size}; set it to {sizeof(T)}, the size of the struct")
            );
    }
}
