using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q4_0.</summary>
internal readonly struct Q4_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q4_0Format>(static () => new IntegerDeviceFamily<Q4_0>());

    public static int Weights => Q4_0Format.Weights;

    public static int Bytes => Q4_0Format.Bytes;

    public static int Offset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => (block.Word(2, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
