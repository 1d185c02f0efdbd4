namespace TaalasSim.Compiler.Gguf;

/// <summary>Types of GGUF metadata values; the numbers are the ids stored in the file.</summary>
public enum GgufValueType
{
    /// <summary>1 byte.</summary>
    UInt8 = 0,

    /// <summary>1 byte, two's complement.</summary>
    Int8 = 1,

    /// <summary>2 bytes, little-endian like all that follow.</summary>
    UInt16 = 2,

    /// <summary>2 bytes, two's complement.</summary>
    Int16 = 3,

    /// <summary>4 bytes.</summary>
    UInt32 = 4,

    /// <summary>4 bytes, two's complement.</summary>
    Int32 = 5,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 6,

    /// <summary>1 byte; any value but 0 is true.</summary>
    Bool = 7,

    /// <summary>64-bit count of bytes, then UTF-8 without terminator.</summary>
    String = 8,

    /// <summary>Element type (32 bits), 64-bit count, then the elements; arrays of arrays are refused.</summary>
    Array = 9,

    /// <summary>8 bytes.</summary>
    UInt64 = 10,

    /// <summary>8 bytes, two's complement.</summary>
    Int64 = 11,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 12,
}
