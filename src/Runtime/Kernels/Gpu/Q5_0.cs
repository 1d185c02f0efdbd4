using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q5_0.</summary>
internal readonly struct Q5_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q5_0Format>(static () => new IntegerDeviceFamily<Q5_0>());

    public static int Weights => Q5_0Format.Weights;

    public static int Bytes => Q5_0Format.Bytes;

    public static int Offset => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        ((block.Word(6, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(2, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
