using System.Runtime.CompilerServices;
using ILGPU;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>BF16.</summary>
internal readonly struct Bf16 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Bf16Format>(static () => new FloatDeviceFamily<Bf16>());

    public static int Bytes => Bf16Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Weight(PanelBlock block) => Interop.IntAsFloat(block.Short(0) << 16);
}
