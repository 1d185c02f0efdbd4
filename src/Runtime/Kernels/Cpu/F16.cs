using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>F16.</summary>
internal readonly unsafe struct F16 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<F16Format>(static () => new FloatFamily<F16>());

    public static int Bytes => F16Format.Bytes;

    public static bool IsShort => true;

    public static bool StaysInRange => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => HalfVectors.Load16(at);
}
