using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Writes a GGUF v3 file with the default alignment of 32 bytes. Keys and tensors appear in the order they were added
/// (<c>general.architecture</c> first, by habit). Wrong use is a programming error and throws <see cref="ArgumentException"/>.
/// </summary>
public sealed class GgufWriter
{
    /// <summary>Bytes to which the data section and each tensor in it are aligned.</summary>
    public const int Alignment = 32;

    /// <summary>Key of another alignment; never written.</summary>
    internal const string AlignmentKey = "general.alignment";

    private const int LongestName = 63;
    private const int MostDimensions = 4;

    private readonly MemoryStream _keyValues = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<Tensor> _tensors = [];

    private sealed record Tensor(string Name, CodeFormat Type, long[] Dimensions, long Bytes, Action<Stream> WriteData);

    /// <summary>Adds a scalar; its C# type decides the stored type, so write <c>5u</c> for a u32 and <c>5f</c> for an f32.</summary>
    public void Add<T>(string key, T value)
        where T : unmanaged
    {
        BeginValue(key, GgufValueTypes.Of<T>());
        _keyValues.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
    }

    /// <summary>Adds a string, stored as UTF-8.</summary>
    public void Add(string key, string value)
    {
        BeginValue(key, GgufValueType.String);
        PutString(_keyValues, value);
    }

    /// <summary>Adds an array of scalars; their C# type decides the stored type.</summary>
    public void AddArray<T>(string key, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        BeginArray(key, GgufValueTypes.Of<T>(), values.Length);
        _keyValues.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Adds an array of scalars; their C# type decides the stored type.</summary>
    public void AddArray<T>(string key, T[] values)
        where T : unmanaged => AddArray(key, (ReadOnlySpan<T>)values);

    /// <summary>Adds an array of strings, stored as UTF-8.</summary>
    public void AddArray(string key, IReadOnlyList<string> values)
    {
        BeginArray(key, GgufValueType.String, values.Count);
        foreach (var value in values)
            PutString(_keyValues, value);
    }

    /// <summary>Adds an array of strings that need not be valid UTF-8.</summary>
    public void AddArray(string key, IReadOnlyList<byte[]> values)
    {
        BeginArray(key, GgufValueType.String, values.Count);
        foreach (var value in values)
            PutBytes(_keyValues, value);
    }

    /// <summary>Adds an entry of an open file, byte for byte.</summary>
    public void AddCopy(GgufValue value)
    {
        if (value.ElementType is { } elementType)
            BeginArray(value.Key, elementType, value.Count);
        else
            BeginValue(value.Key, value.Type);
        value.CopyTo(_keyValues);
    }

    /// <summary>Adds a tensor whose bytes are at hand.</summary>
    /// <param name="name">Unique, 1 to 63 bytes of UTF-8.</param>
    /// <param name="type">A live type.</param>
    /// <param name="dimensions">0 to 4 sizes in ggml's order: the first is the row length, a multiple of the type's block.</param>
    /// <param name="data">Exactly the bytes that type and dimensions imply.</param>
    public void AddTensor(string name, CodeFormat type, IReadOnlyList<long> dimensions, ReadOnlyMemory<byte> data)
    {
        var bytes = AddTensor(name, type, dimensions, stream => stream.Write(data.Span));
        if (bytes != data.Length)
            throw new ArgumentException($"Tensor '{name}' takes {bytes} bytes, but {data.Length} were given.", nameof(data));
    }

    /// <summary>Adds a tensor whose bytes <paramref name="writeData"/> writes when the file is saved; for tensors too large to
    /// hold.</summary>
    /// <returns>The bytes that the callback must write.</returns>
    /// <inheritdoc cref="AddTensor(string, CodeFormat, IReadOnlyList{long}, ReadOnlyMemory{byte})"/>
    public long AddTensor(string name, CodeFormat type, IReadOnlyList<long> dimensions, Action<Stream> writeData)
    {
        var nameBytes = Encoding.UTF8.GetByteCount(name);
        if (nameBytes is < 1 or > LongestName)
            throw new ArgumentException($"Tensor name '{name}' has {nameBytes} bytes; 1 to {LongestName} are allowed.", nameof(name));
        if (dimensions.Count > MostDimensions || dimensions.Any(n => n < 0))
            throw new ArgumentException($"Tensor '{name}' needs at most {MostDimensions} sizes, none negative.", nameof(dimensions));
        var block = type.BlockWeights;
        var rowLength = dimensions.Count > 0 ? dimensions[0] : 1;
        if (rowLength % block != 0)
            throw new ArgumentException($"Tensor '{name}': rows of {rowLength} do not fill {type} blocks of {block}.", nameof(dimensions));
        if (!_names.Add(name))
            throw new ArgumentException($"Tensor '{name}' was added twice.", nameof(name));
        var bytes = type.BytesOf(dimensions.Aggregate(1L, (product, n) => checked(product * n)));
        _tensors.Add(new Tensor(name, type, [.. dimensions], bytes, writeData));
        return bytes;
    }

    /// <summary>Writes the file under a temporary name beside <paramref name="path"/> and renames it, so that no reader meets half a
    /// file.</summary>
    public void Save(string path) => SaveAll([(path, this)]);

    /// <summary>Writes the files of a split model under temporary names and renames them once all are complete, the first one last: it is
    /// the one that readers open.</summary>
    public static void SaveAll(IReadOnlyList<(string Path, GgufWriter Writer)> files)
    {
        // One name changes in one step, several do not: an old split model would be mixed with the new one if the program died between two.
        if (files.Count > 1 && files.FirstOrDefault(f => File.Exists(f.Path)).Path is { } old)
            throw new InputException(
                $"{old}: exists, and a model of several files cannot be replaced in one step; remove it, or name another"
            );
        using var set = new OutputSet();
        foreach (var (path, writer) in files.Reverse())
            set.Add(path, writer.WriteTo);
        set.Commit();
    }

    /// <summary>Writes the file's bytes to a stream that knows its position.</summary>
    /// <exception cref="InvalidOperationException">A tensor's callback wrote more or fewer bytes than its type and dimensions
    /// imply.</exception>
    public void WriteTo(Stream stream)
    {
        var start = stream.Position;
        stream.Write("GGUF"u8);
        PutUInt32(stream, 3);
        PutInt64(stream, _tensors.Count);
        PutInt64(stream, _keys.Count);
        _keyValues.WriteTo(stream);
        WriteDirectory(stream);
        if (_tensors.Count > 0)
            Pad(stream, start);
        foreach (var tensor in _tensors)
        {
            var before = stream.Position;
            tensor.WriteData(stream);
            var written = stream.Position - before;
            if (written != tensor.Bytes)
                throw new InvalidOperationException($"Tensor '{tensor.Name}' takes {tensor.Bytes} bytes, but {written} were written.");
            Pad(stream, start);
        }
    }

    private void WriteDirectory(Stream stream)
    {
        long offset = 0;
        foreach (var tensor in _tensors)
        {
            PutString(stream, tensor.Name);
            PutUInt32(stream, (uint)tensor.Dimensions.Length);
            foreach (var n in tensor.Dimensions)
                PutInt64(stream, n);
            PutUInt32(stream, (uint)tensor.Type.GgmlType);
            PutInt64(stream, offset);
            offset = checked(offset + Padded(tensor.Bytes));
        }
    }

    private void BeginArray(string key, GgufValueType elementType, long count)
    {
        BeginValue(key, GgufValueType.Array);
        PutUInt32(_keyValues, (uint)elementType);
        PutInt64(_keyValues, count);
    }

    private void BeginValue(string key, GgufValueType type)
    {
        if (key.Length is 0 or > ushort.MaxValue || !Ascii.IsValid(key))
            throw new ArgumentException("A metadata key is 1 to 65,535 ASCII characters.", nameof(key));
        if (key == AlignmentKey)
            throw new ArgumentException("The alignment is fixed at 32, the default, and needs no key.", nameof(key));
        if (!_keys.Add(key))
            throw new ArgumentException($"Metadata key '{key}' was added twice.", nameof(key));
        PutString(_keyValues, key);
        PutUInt32(_keyValues, (uint)type);
    }

    private static long Padded(long bytes) => checked(bytes + Alignment - 1) / Alignment * Alignment;

    private static void Pad(Stream stream, long start)
    {
        var position = stream.Position - start;
        stream.Write(stackalloc byte[(int)(Padded(position) - position)]);
    }

    private static void PutString(Stream stream, string value) => PutBytes(stream, Encoding.UTF8.GetBytes(value));

    private static void PutBytes(Stream stream, ReadOnlySpan<byte> value)
    {
        PutInt64(stream, value.Length);
        stream.Write(value);
    }

    private static void PutUInt32(Stream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void PutInt64(Stream stream, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
