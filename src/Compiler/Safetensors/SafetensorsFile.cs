using System.Buffers.Binary;
using System.Text.Unicode;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Safetensors;

/// <summary>A safetensors file, checked and mapped read-only; nothing of it is copied.</summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header, long dataStart)
    {
        _file = file;
        Metadata = header.Metadata;
        Tensors =
        [
            .. header
                .Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => new SafetensorsTensor(file, entry, dataStart + (long)entry.Begin)),
        ];
    }

    /// <summary>Path of the file.</summary>
    public string Path => _file.Path;

    /// <summary>Its tensors, by name in ordinal order.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Free text of the writer.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new MappedFile(path);
        try
        {
            const int Front = SafetensorsHeader.LengthBytes;
            if (file.Length < Front)
                throw new InputException(
                    $"{path}: header too small: the file has {file.Length} bytes, not even the {Front} of its length; fetch it again"
                );
            var length = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(file.Start, Front));
            if (Front + (decimal)length > file.Length && FileKind.SentenceOfNoText(path, "a safetensors file") is { } other)
                throw new InputException($"{path}: {other}");
            if (length > SafetensorsHeader.MostBytes)
                throw new InputException(
                    $"{path}: header too large: {length} bytes, at most {SafetensorsHeader.MostBytes} are read; is this a safetensors file?"
                );
            if (Front + (long)length > file.Length)
                throw new InputException(
                    $"{path}: invalid header length: {length} bytes of header in a file of {file.Length}; it is truncated: fetch it again"
                );
            var json = new ReadOnlySpan<byte>(file.Start + Front, (int)length);
            if (!Utf8.IsValid(json))
                throw new InputException($"{path}: the header is invalid UTF-8; fetch the file again");
            if (json is not [(byte)'{', ..])
                throw new InputException($"{path}: byte {Front}: invalid JSON header: it must begin with a brace; fetch the file again");
            var dataStart = Front + (long)length;
            return new SafetensorsFile(file, SafetensorsHeader.Parse(json, path, (ulong)(file.Length - dataStart)), dataStart);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file; its tensors end with it.</summary>
    public void Dispose() => _file.Dispose();
}
