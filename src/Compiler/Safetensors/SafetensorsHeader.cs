using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Safetensors;

/// <summary>
/// Parses and checks a safetensors header: strict JSON of known fields, every name once, and tensors that follow each other without gap or
/// overlap from the first byte of the buffer to its last.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length in front of the header.</summary>
    public const int LengthBytes = sizeof(ulong);

    /// <summary>Most bytes of a header, as in the reference reader.</summary>
    public const ulong MostBytes = 100_000_000;

    private const int DeepestNesting = 8;
    private const int HighestRank = 16;
    private const string Again = "fetch the file again, or save the model again";

    private readonly string _path;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    /// <summary>Free text of the writer.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Parses the JSON text of a header.</summary>
    /// <param name="json">The text, valid UTF-8.</param>
    /// <param name="path">File, for messages.</param>
    /// <param name="bufferBytes">Bytes of the file after the header.</param>
    /// <exception cref="InputException">The header is malformed.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string path, ulong bufferBytes)
    {
        var header = new SafetensorsHeader(path);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
            header.ReadAll(ref reader);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            // Invalid: a token that is not what the format asks for at this place.
            var where = fault is JsonException { BytePositionInLine: { } at } ? $"byte {LengthBytes + at}: " : "";
            throw new InputException($"{path}: {where}invalid JSON header; {Again}", fault);
        }

        header.CheckLayout(bufferBytes);
        return header;
    }

    private void ReadAll(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault(reader, "invalid JSON header: expected an object");
        var metadata = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name == "__metadata__")
            {
                if (metadata)
                    throw Fault(reader, "invalid JSON header: __metadata__ is there twice");
                metadata = true;
                ReadMetadata(ref reader);
                continue;
            }

            if (!_names.Add(name))
                throw Fault(reader, $"tensor {GgufFaults.Quote(name)} is there twice");
            _entries.Add(ReadEntry(ref reader, name));
        }

        while (reader.Read())
            throw Fault(reader, "invalid JSON header: more follows the object");
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault(reader, "invalid JSON header: __metadata__ is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault(reader, $"invalid JSON header: __metadata__ {GgufFaults.Quote(key)} is no string");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw Fault(reader, $"invalid JSON header: __metadata__ {GgufFaults.Quote(key)} is there twice");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault(reader, $"invalid JSON header: tensor {GgufFaults.Quote(name)} is no object");
        SafetensorsType? type = null;
        ulong[]? shape = null;
        ulong[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, field);
                    break;
                default:
                    throw Fault(
                        reader,
                        $"invalid JSON header: tensor {GgufFaults.Quote(name)}: field {GgufFaults.Quote(field)} is unknown or there twice"
                    );
            }
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Fault(
                reader,
                $"invalid JSON header: tensor {GgufFaults.Quote(name)}: expected dtype, shape and two data_offsets, found less"
            );
        return new SafetensorsEntry(name, type, Sizes(name, shape), offsets[0], offsets[1]);
    }

    private long[] Sizes(string name, ulong[] shape)
    {
        if (shape.Length > HighestRank)
            throw new InputException(
                $"{_path}: tensor {GgufFaults.Quote(name)}: has {shape.Length} dimensions; up to {HighestRank} are read; {Again}"
            );
        return Array.TrueForAll(shape, n => n <= long.MaxValue)
            ? Array.ConvertAll(shape, n => (long)n)
            : throw new InputException($"{_path}: tensor {GgufFaults.Quote(name)}: overflow: a size exceeds 2^63; {Again}");
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Fault(reader, $"invalid JSON header: tensor {GgufFaults.Quote(name)}: dtype is no string");
        var text = reader.GetString()!;
        return SafetensorsType.Find(text)
            ?? throw Fault(reader, $"invalid JSON header: tensor {GgufFaults.Quote(name)}: unknown dtype {GgufFaults.Quote(text)}");
    }

    private ulong[] ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault(reader, $"invalid JSON header: tensor {GgufFaults.Quote(name)}: {field} is no list");
        var numbers = new List<ulong>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out var number))
                throw Fault(
                    reader,
                    $"invalid JSON header: tensor {GgufFaults.Quote(name)}: {field} holds something else than whole numbers from 0"
                );
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void CheckLayout(ulong bufferBytes)
    {
        var at = 0UL;
        foreach (var entry in _entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            var quoted = GgufFaults.Quote(entry.Name);
            if (entry.Begin != at || entry.End < entry.Begin)
                throw new InputException(
                    $"{_path}: invalid offset for tensor {quoted}: expected it to begin at {at} and not to end before, found "
                        + $"{entry.Begin} to {entry.End}; tensors must follow each other without gap or overlap; {Again}"
                );
            CheckSize(entry, quoted);
            at = entry.End;
        }

        if (at != bufferBytes)
            throw new InputException(
                $"{_path}: metadata incomplete, the buffer is not fully covered: the tensors take {at} bytes, the file holds {bufferBytes}"
                    + $" after its header; {(at > bufferBytes ? "the file is truncated: fetch it again" : Again)}"
            );
    }

    private void CheckSize(SafetensorsEntry entry, string quoted)
    {
        UInt128 bits = (uint)entry.Type.Bits;
        foreach (var size in entry.Shape)
        {
            bits *= (ulong)size;
            if (bits > ulong.MaxValue)
                throw new InputException($"{_path}: tensor {quoted}: overflow: its shape has more bits than 2^64; {Again}");
        }

        if (bits % 8 != 0)
            throw new InputException($"{_path}: tensor {quoted}: misaligned: {bits} bits do not fill whole bytes; {Again}");
        if (bits / 8 != entry.End - entry.Begin)
            throw new InputException(
                $"{_path}: tensor {quoted}: invalid shape, dtype or offset: {entry.Type} of [{string.Join(", ", entry.Shape)}] takes "
                    + $"{bits / 8} bytes, its offsets give {entry.End - entry.Begin}; {Again}"
            );
    }

    private InputException Fault(Utf8JsonReader reader, string what) =>
        new($"{_path}: byte {LengthBytes + reader.TokenStartIndex}: {what}; {Again}");
}
