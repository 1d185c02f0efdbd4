using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Safetensors;

/// <summary>One tensor of an open <see cref="SafetensorsFile"/>; its bytes stay in the mapped file and need not be aligned.</summary>
public sealed unsafe class SafetensorsTensor
{
    private readonly MappedFile _file;
    private readonly long _offset;

    internal SafetensorsTensor(MappedFile file, SafetensorsEntry entry, long offset)
    {
        _file = file;
        _offset = offset;
        Name = entry.Name;
        Type = entry.Type;
        Shape = entry.Shape;
        Bytes = (long)(entry.End - entry.Begin);
        Elements = entry.Shape.Aggregate(1L, (product, n) => product * n);
    }

    /// <summary>Name; any text.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Sizes, the outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Bytes of the tensor.</summary>
    public long Bytes { get; }

    /// <summary>Elements of the tensor.</summary>
    public long Elements { get; }

    /// <summary>Path of the file that holds it.</summary>
    public string FilePath => _file.Path;

    /// <summary>Whether <see cref="Decode"/> reads the type.</summary>
    public bool CanDecode => Type.Name is not ("F4" or "F6_E2M3" or "F6_E3M2" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" or "C64");

    /// <summary>Bytes of the file.</summary>
    /// <param name="first">First byte, counted from the start of the tensor.</param>
    /// <param name="count">Number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor does not hold them.</exception>
    public ReadOnlySpan<byte> Raw(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Bytes);
        return new ReadOnlySpan<byte>(_file.Start + _offset + first, count);
    }

    /// <summary>Decodes elements to floats.</summary>
    /// <param name="first">First element.</param>
    /// <param name="values">Takes them.</param>
    /// <exception cref="InputException">The type is not read.</exception>
    public void Decode(long first, Span<float> values)
    {
        var size = Type.Bits / 8;
        if (!CanDecode)
            throw new InputException($"{FilePath}: tensor {GgufFaults.Quote(Name)}: numbers of type {Type} are not read");
        var bytes = Raw(first * size, checked(values.Length * size));
        for (var i = 0; i < values.Length; i++)
            values[i] = Element(bytes.Slice(i * size, size));
    }

    private float Element(ReadOnlySpan<byte> bytes) =>
        Type.Name switch
        {
            "F32" => MemoryMarshal.Read<float>(bytes),
            "BF16" => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Read<ushort>(bytes) << 16),
            "F16" => (float)MemoryMarshal.Read<Half>(bytes),
            "F64" => (float)MemoryMarshal.Read<double>(bytes),
            "BOOL" => bytes[0] == 0 ? 0 : 1,
            "U8" => bytes[0],
            "I8" => (sbyte)bytes[0],
            "I16" => MemoryMarshal.Read<short>(bytes),
            "U16" => MemoryMarshal.Read<ushort>(bytes),
            "I32" => MemoryMarshal.Read<int>(bytes),
            "U32" => MemoryMarshal.Read<uint>(bytes),
            "I64" => MemoryMarshal.Read<long>(bytes),
            "U64" => MemoryMarshal.Read<ulong>(bytes),
            "F8_E8M0" => bytes[0] == 0xFF ? float.NaN : MathF.ScaleB(1, bytes[0] - 127),
            // The upper half of a binary16.
            "F8_E5M2" => (float)BitConverter.UInt16BitsToHalf((ushort)(bytes[0] << 8)),
            _ => E4M3(bytes[0]),
        };

    /// <summary>A number of 4 bits exponent (bias 7) and 3 bits fraction; no infinity, all ones is NaN.</summary>
    private static float E4M3(byte bits)
    {
        var (exponent, fraction) = ((bits >> 3) & 15, bits & 7);
        var size =
            (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? MathF.ScaleB(fraction, -9)
            : MathF.ScaleB(8 + fraction, exponent - 10);
        return (bits & 0x80) == 0 ? size : -size;
    }
}
