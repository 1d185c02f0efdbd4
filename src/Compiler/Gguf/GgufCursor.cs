using System.Runtime.CompilerServices;

namespace TaalasSim.Compiler.Gguf;

/// <summary>Reads a mapped file forward; every length is checked against the bytes that remain before it is used.</summary>
internal sealed unsafe class GgufCursor(MappedFile file, GgufFaults faults)
{
    // Limit of the reference reader for the bytes of one string.
    private const long LongestString = 1L << 30;

    public long Position { get; private set; }

    public long Remaining => file.Length - Position;

    /// <summary>Reads one little-endian number.</summary>
    public T Read<T>(string what)
        where T : unmanaged
    {
        var at = Skip(sizeof(T), what);
        return Unsafe.ReadUnaligned<T>(file.Start + at);
    }

    /// <summary>Reads a string's length and passes over its bytes, which are returned as they lie in the file.</summary>
    public ReadOnlySpan<byte> ReadString(string what)
    {
        var at = Position;
        var length = Read<ulong>(what);
        if (length > LongestString)
            throw faults.Fatal(at, $"{what}: string too long ({length} bytes; the limit is {LongestString})");
        if (length > (ulong)Remaining)
            throw faults.Fatal(at, $"{what}: string too long ({length} bytes, but {Remaining} remain in the file)", GgufFaults.FetchAgain);
        var start = Skip((long)length, what);
        return new ReadOnlySpan<byte>(file.Start + start, (int)length);
    }

    /// <summary>Passes over bytes and returns the position before them.</summary>
    public long Skip(long bytes, string what)
    {
        if (bytes > Remaining)
            throw faults.Fatal(Position, $"{what}: {bytes} bytes needed, but {Remaining} remain in the file", GgufFaults.FetchAgain);
        var at = Position;
        Position += bytes;
        return at;
    }
}
