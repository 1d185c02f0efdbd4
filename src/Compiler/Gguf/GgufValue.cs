using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// One metadata entry. The value stays in the mapped file and is decoded by each call, so an unread vocabulary costs nothing.
/// A request for another type than the stored one is a model error that names key, expected and found.
/// </summary>
public sealed unsafe class GgufValue
{
    private readonly MappedFile _file;

    internal GgufValue(MappedFile file, string key, GgufValueType type, GgufValueType? elementType, long count, long offset, long bytes)
    {
        _file = file;
        Key = key;
        Type = type;
        ElementType = elementType;
        Count = count;
        Offset = offset;
        Bytes = bytes;
    }

    /// <summary>Key as stored, e.g. <c>llama.block_count</c>.</summary>
    public string Key { get; }

    /// <summary>Stored type; <see cref="GgufValueType.Array"/> for an array of any element.</summary>
    public GgufValueType Type { get; }

    /// <summary>Type of an array's elements; null for anything but an array.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>Elements of an array; 1 for anything else.</summary>
    public long Count { get; }

    /// <summary>Byte of the file where the value (of an array: its first element) begins.</summary>
    public long Offset { get; }

    /// <summary>Bytes that the value takes from <see cref="Offset"/> on.</summary>
    internal long Bytes { get; }

    /// <summary>Stored type in words, e.g. <c>u32</c> or <c>array of string</c>.</summary>
    public string TypeName => ElementType is { } element ? $"array of {Name(element)}" : Name(Type);

    /// <summary>The scalar.</summary>
    /// <exception cref="InputException">The value has another type.</exception>
    public T Scalar<T>()
        where T : unmanaged
    {
        Expect(GgufValueTypes.Of<T>(), null);
        return Element<T>(0);
    }

    /// <summary>The string; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="InputException">The value has another type.</exception>
    public string Text()
    {
        Expect(GgufValueType.String, null);
        return Encoding.UTF8.GetString(StringAt(Offset));
    }

    /// <summary>The array of scalars.</summary>
    /// <exception cref="InputException">The value has another type.</exception>
    public T[] Array<T>()
        where T : unmanaged
    {
        Expect(GgufValueType.Array, GgufValueTypes.Of<T>());
        var values = new T[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Element<T>(i);
        return values;
    }

    /// <summary>The array of strings; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="InputException">The value has another type.</exception>
    public string[] Texts()
    {
        Expect(GgufValueType.Array, GgufValueType.String);
        var texts = new string[Count];
        var at = Offset;
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(NextString(ref at));
        return texts;
    }

    /// <summary>The array of strings as the bytes in the file, which need not be UTF-8.</summary>
    /// <exception cref="InputException">The value has another type.</exception>
    public byte[][] TextBytes()
    {
        Expect(GgufValueType.Array, GgufValueType.String);
        var texts = new byte[Count][];
        var at = Offset;
        for (var i = 0; i < texts.Length; i++)
            texts[i] = NextString(ref at).ToArray();
        return texts;
    }

    /// <summary>Copies the stored bytes: of a string its length and text, of an array its elements.</summary>
    internal void CopyTo(Stream stream)
    {
        const int Piece = 1 << 30;
        for (long at = 0; at < Bytes; at += Piece)
            stream.Write(new ReadOnlySpan<byte>(_file.Start + Offset + at, (int)Math.Min(Piece, Bytes - at)));
    }

    /// <summary>The value for people: a scalar's digits, a quoted and shortened string, or an array's type and size.</summary>
    public override string ToString() =>
        Type switch
        {
            GgufValueType.UInt8 => $"{Scalar<byte>()}",
            GgufValueType.Int8 => $"{Scalar<sbyte>()}",
            GgufValueType.UInt16 => $"{Scalar<ushort>()}",
            GgufValueType.Int16 => $"{Scalar<short>()}",
            GgufValueType.UInt32 => $"{Scalar<uint>()}",
            GgufValueType.Int32 => $"{Scalar<int>()}",
            GgufValueType.UInt64 => $"{Scalar<ulong>()}",
            GgufValueType.Int64 => $"{Scalar<long>()}",
            GgufValueType.Float32 => $"{Scalar<float>()}",
            GgufValueType.Float64 => $"{Scalar<double>()}",
            GgufValueType.Bool => Scalar<bool>() ? "true" : "false",
            GgufValueType.String => GgufFaults.Quote(Text()),
            _ => $"{TypeName}[{Count}]",
        };

    internal static string Name(GgufValueType type) =>
        type switch
        {
            GgufValueType.UInt8 => "u8",
            GgufValueType.Int8 => "i8",
            GgufValueType.UInt16 => "u16",
            GgufValueType.Int16 => "i16",
            GgufValueType.UInt32 => "u32",
            GgufValueType.Int32 => "i32",
            GgufValueType.Float32 => "f32",
            GgufValueType.Bool => "bool",
            GgufValueType.String => "string",
            GgufValueType.Array => "array",
            GgufValueType.UInt64 => "u64",
            GgufValueType.Int64 => "i64",
            GgufValueType.Float64 => "f64",
            _ => $"type {(int)type}",
        };

    private void Expect(GgufValueType type, GgufValueType? elementType)
    {
        if (Type == type && ElementType == elementType)
            return;
        var expected = elementType is { } element ? $"array of {Name(element)}" : Name(type);
        throw new InputException(
            $"{_file.Path}: byte {Offset}: model error: key {GgufFaults.Quote(Key)}: expected {expected}, found {TypeName}; "
                + "convert the model again with a current converter"
        );
    }

    private T Element<T>(long index)
        where T : unmanaged
    {
        var at = _file.Start + Offset + (index * sizeof(T));
        // Any byte but 0 is true, as in the reference; a C# bool must hold 0 or 1.
        return typeof(T) == typeof(bool) ? Unsafe.BitCast<bool, T>(*at != 0) : Unsafe.ReadUnaligned<T>(at);
    }

    private ReadOnlySpan<byte> NextString(ref long at)
    {
        var text = StringAt(at);
        at += sizeof(ulong) + text.Length;
        return text;
    }

    private ReadOnlySpan<byte> StringAt(long offset)
    {
        var at = _file.Start + offset;
        var rest = Offset + Bytes - offset - sizeof(ulong);
        // The lengths were checked when the file was opened, but another program may have written to it since.
        var length = rest < 0 ? ulong.MaxValue : Unsafe.ReadUnaligned<ulong>(at);
        return length <= (ulong)Math.Clamp(rest, 0, int.MaxValue)
            ? MemoryMarshal.CreateReadOnlySpan(ref at[sizeof(ulong)], (int)length)
            : throw new InputException($"{_file.Path}: byte {offset}: changed while it was read; start again when nothing writes to it");
    }
}
