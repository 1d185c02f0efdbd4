using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>BF16.</summary>
internal readonly unsafe struct Bf16 : IFloatFormat
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) =>
        (Vector512.WidenLower(Vector256.Load((ushort*)at).ToVector512Unsafe()) << 16).AsSingle();
}
