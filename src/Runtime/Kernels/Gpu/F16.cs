using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>F16.</summary>
internal readonly struct F16 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<F16Format>(static () => new FloatDeviceFamily<F16>());

    public static int Bytes => F16Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Weight(PanelBlock block) => block.Half(0);
}
