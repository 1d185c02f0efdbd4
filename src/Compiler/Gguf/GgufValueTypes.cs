namespace TaalasSim.Compiler.Gguf;

/// <summary>Sizes of metadata values and their C# types.</summary>
public static class GgufValueTypes
{
    /// <summary>Bytes of one value of a fixed-size type; 0 for strings and arrays, whose size is stored with them.</summary>
    public static int Bytes(GgufValueType type) =>
        type switch
        {
            GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
            GgufValueType.UInt16 or GgufValueType.Int16 => 2,
            GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
            GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
            GgufValueType.String or GgufValueType.Array => 0,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a GGUF value type."),
        };

    /// <summary>The metadata type that stores a C# scalar type.</summary>
    /// <exception cref="NotSupportedException">GGUF has no such value type.</exception>
    public static GgufValueType Of<T>()
        where T : unmanaged =>
        default(T) switch
        {
            byte => GgufValueType.UInt8,
            sbyte => GgufValueType.Int8,
            ushort => GgufValueType.UInt16,
            short => GgufValueType.Int16,
            uint => GgufValueType.UInt32,
            int => GgufValueType.Int32,
            float => GgufValueType.Float32,
            bool => GgufValueType.Bool,
            ulong => GgufValueType.UInt64,
            long => GgufValueType.Int64,
            double => GgufValueType.Float64,
            _ => throw new NotSupportedException($"GGUF has no metadata type for {typeof(T).Name}."),
        };
}
