using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>A format of plain floats: one weight of sixteen columns side by side.</summary>
internal unsafe interface IFloatFormat
{
    /// <summary>Bytes of a weight.</summary>
    static abstract int Bytes { get; }

    /// <summary>The sixteen columns' weights.</summary>
    static abstract Vector512<float> Load(byte* at);
}

/// <summary>F32.</summary>
internal readonly unsafe struct F32 : IFloatFormat
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => Vector512.Load((float*)at);
}

/// <summary>F16.</summary>
internal readonly unsafe struct F16 : IFloatFormat
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => HalfVectors.Load16(at);
}

/// <summary>BF16.</summary>
internal readonly unsafe struct Bf16 : IFloatFormat
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => (Vector512.WidenLower(Vector256.Load((ushort*)at).ToVector512Unsafe()) << 16).AsSingle();
}
