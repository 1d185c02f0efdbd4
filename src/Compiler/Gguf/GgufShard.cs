using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// One GGUF file, v2 or v3: header, metadata, tensor directory and mapped data. Every count, length and offset is checked
/// against the bytes of the file before it is used.
/// </summary>
internal sealed class GgufShard : IDisposable
{
    private const int HeaderBytes = 24;
    private const int LeastKeyValueBytes = 13;
    private const int LongestKey = ushort.MaxValue;

    // Limit of the reference reader for the elements of one array.
    private const ulong LongestArray = 1UL << 30;
    private const int DefaultAlignment = 32;
    private const string AlignmentKey = "general.alignment";

    private readonly MappedFile _file;
    private readonly GgufFaults _faults;
    private readonly GgufCursor _cursor;
    private readonly List<string> _warnings = [];

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="InputException">The file is not a well-formed GGUF.</exception>
    public GgufShard(string path)
    {
        _file = new MappedFile(path);
        _faults = new GgufFaults(path);
        _cursor = new GgufCursor(_file, _faults);
        try
        {
            Version = ReadVersion();
            var tensorCount = ReadCount("tensors", GgufTensorDirectory.LeastEntryBytes);
            var valueCount = ReadCount("metadata entries", LeastKeyValueBytes);
            for (long i = 0; i < valueCount; i++)
                ReadValue(i);
            Alignment = ReadAlignment();
            Tensors = new GgufTensorDirectory(_file, _cursor, _faults, Alignment, _warnings).Read(tensorCount);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public long FileBytes => _file.Length;

    public int Version { get; }

    /// <summary>Bytes to which tensors are aligned in the data section; a power of two.</summary>
    public long Alignment { get; }

    public OrderedDictionary<string, GgufValue> Values { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Oddities that the file is accepted with, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Dispose() => _file.Dispose();

    private int ReadVersion()
    {
        if (FileKind.OfHead(Head(), _file.Length) is { } kind && !Head().StartsWith("GGUF"u8))
            throw _faults.Fatal(0, $"not a GGUF file: it is {kind.Name}", kind.Advice);
        if (_file.Length < 8)
            throw _faults.Fatal(0, $"not a GGUF file: it has {_file.Length} bytes, a header takes {HeaderBytes}", "give a .gguf file");
        var magic = _cursor.Read<uint>("magic");
        if (magic != 0x46554747) // "GGUF", little-endian
            throw _faults.Fatal(0, $"not a GGUF file: invalid magic 0x{magic:x8}, expected 0x46554747", "give a .gguf file");
        var version = _cursor.Read<uint>("version");
        var wrong = version switch
        {
            0 => "bad version 0, expected 2 or 3",
            1 => "GGUFv1 is no longer supported, expected version 2 or 3",
            2 or 3 => null,
            _ when (version & 0xFFFF) == 0 => $"version 0x{version:x8} is byte-swapped: the file is big-endian, little-endian is expected",
            _ => $"version {version} is newer than this reader, which only supports up to 3",
        };
        if (wrong is not null)
            throw _faults.Fatal(4, wrong);
        if (_file.Length < HeaderBytes)
            throw _faults.Fatal(8, $"the header takes {HeaderBytes} bytes, the file has {_file.Length}", GgufFaults.FetchAgain);
        return (int)version;
    }

    private unsafe ReadOnlySpan<byte> Head() =>
        _file.Length == 0 ? [] : new ReadOnlySpan<byte>(_file.Start, (int)Math.Min(512, _file.Length));

    private long ReadCount(string what, int leastBytes)
    {
        var at = _cursor.Position;
        var count = _cursor.Read<long>(what);
        var most = (_file.Length - HeaderBytes) / leastBytes;
        if (count < 0 || count > most)
            throw _faults.Fatal(at, $"count of {what} out of range: {count}, and the file has room for at most {most}");
        return count;
    }

    private void ReadValue(long index)
    {
        var at = _cursor.Position;
        var keyBytes = _cursor.ReadString($"key {index}");
        if (keyBytes.Length == 0)
            _faults.Add(at, $"key {index} is empty");
        else if (keyBytes.Length > LongestKey || !Ascii.IsValid(keyBytes))
            _faults.Add(at, $"key {index} is not 1 to {LongestKey} ASCII characters");
        var key = Encoding.ASCII.GetString(keyBytes[..Math.Min(keyBytes.Length, LongestKey)]);
        if (NameGate.Fault(key, LongestKey) is { } fault)
            _faults.Add(at, $"key {index} {fault}");
        var what = $"key {GgufFaults.Quote(key)}";

        var type = ReadType(what);
        GgufValueType? elementType = null;
        long count = 1;
        if (type == GgufValueType.Array)
        {
            elementType = ReadType($"{what} elements");
            count = ReadArrayCount(what, elementType.Value);
        }
        var stored = elementType ?? type;
        var start = _cursor.Position;
        if (stored == GgufValueType.String)
        {
            for (long i = 0; i < count; i++)
                _cursor.ReadString(what);
        }
        else
        {
            _cursor.Skip(count * GgufValueTypes.Bytes(stored), what);
        }
        if (stored == GgufValueType.Bool)
            WarnOfOddBools(what, start, (int)count);
        if (!Values.TryAdd(key, new GgufValue(_file, key, type, elementType, count, start, _cursor.Position - start)) && key.Length > 0)
            _faults.Add(at, $"duplicate {what}");
    }

    private GgufValueType ReadType(string what)
    {
        var at = _cursor.Position;
        var type = _cursor.Read<int>(what);
        return Enum.IsDefined((GgufValueType)type)
            ? (GgufValueType)type
            : throw _faults.Fatal(at, $"{what}: unknown value type {type}, expected 0 to 12");
    }

    private long ReadArrayCount(string what, GgufValueType elementType)
    {
        if (elementType == GgufValueType.Array)
            throw _faults.Fatal(_cursor.Position - sizeof(int), $"{what}: arrays of arrays are not supported");
        var at = _cursor.Position;
        var count = _cursor.Read<ulong>(what);
        if (count > LongestArray)
            throw _faults.Fatal(at, $"{what}: array too long ({count} elements; the limit is {LongestArray})");
        var leastBytes = elementType == GgufValueType.String ? sizeof(ulong) : GgufValueTypes.Bytes(elementType);
        if ((long)count > _cursor.Remaining / leastBytes)
            throw _faults.Fatal(
                at,
                $"{what}: array too long ({count} elements of at least {leastBytes} bytes, "
                    + $"but {_cursor.Remaining} bytes remain in the file)",
                GgufFaults.FetchAgain
            );
        return (long)count;
    }

    private unsafe void WarnOfOddBools(string what, long start, int count)
    {
        var odd = new ReadOnlySpan<byte>(_file.Start + start, count).IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (odd >= 0)
            _warnings.Add($"{Path}: byte {start + odd}: {what}: a bool other than 0 or 1 is read as true");
    }

    private long ReadAlignment()
    {
        if (!Values.TryGetValue(AlignmentKey, out var value))
            return DefaultAlignment;
        if (value.Type != GgufValueType.UInt32)
            throw _faults.Fatal(value.Offset, $"{AlignmentKey}: expected u32, found {value.TypeName}");
        var alignment = value.Scalar<uint>();
        return uint.IsPow2(alignment)
            ? alignment
            : throw _faults.Fatal(value.Offset, $"{AlignmentKey}: expected a power of two, found {alignment}");
    }
}
