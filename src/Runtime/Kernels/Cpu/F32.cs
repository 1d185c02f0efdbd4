using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>F32.</summary>
internal readonly unsafe struct F32 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<F32Format>(static () => new FloatFamily<F32>());

    public static int Bytes => F32Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => Vector512.Load((float*)at);
}
