using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q8_0.</summary>
internal readonly struct Q8_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q8_0Format>(static () => new IntegerDeviceFamily<Q8_0>());

    public static int Weights => Q8_0Format.Weights;

    public static int Bytes => Q8_0Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => block.Word(2, q);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
