using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>BF16.</summary>
internal readonly unsafe struct Bf16 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Bf16Format>(static () => new FloatFamily<Bf16>());

    public static int Bytes => Bf16Format.Bytes;

    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) =>
        (Vector512.WidenLower(Vector256.Load((ushort*)at).ToVector512Unsafe()) << 16).AsSingle();
}
