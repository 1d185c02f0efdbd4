using System.Buffers.Binary;
using System.Text;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>Builds GGUF bytes field by field, well-formed or not; independent of the writer under test.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> _bytes = [];

    public int Position => _bytes.Count;

    public static GgufBytes Header(long tensors, long values, uint version = 3) =>
        new GgufBytes().Raw("GGUF"u8).U32(version).I64(tensors).I64(values);

    public GgufBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public GgufBytes U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public GgufBytes I32(int value) => U32((uint)value);

    public GgufBytes I64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public GgufBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return I64(bytes.Length).Raw(bytes);
    }

    /// <summary>A u32 entry.</summary>
    public GgufBytes Value(string key, uint value) => Text(key).I32(4).U32(value);

    public GgufBytes Tensor(string name, int type, ulong offset, params long[] dimensions)
    {
        Text(name).U32((uint)dimensions.Length);
        foreach (var n in dimensions)
            I64(n);
        return I32(type).I64((long)offset);
    }

    /// <summary>Zeros up to a multiple of the alignment.</summary>
    public GgufBytes Pad(int alignment = 32) => Zeros((alignment - (Position % alignment)) % alignment);

    public GgufBytes Zeros(int count) => Raw(new byte[count]);

    public GgufBytes CutBy(int count)
    {
        _bytes.RemoveRange(_bytes.Count - count, count);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
