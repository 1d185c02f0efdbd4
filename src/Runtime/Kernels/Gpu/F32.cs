using System.Runtime.CompilerServices;
using ILGPU;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>F32.</summary>
internal readonly struct F32 : IFloatFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<F32Format>(static () => new FloatDeviceFamily<F32>());

    public static int Bytes => F32Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Weight(PanelBlock block) => Interop.IntAsFloat(block.Word(0, 0));
}
