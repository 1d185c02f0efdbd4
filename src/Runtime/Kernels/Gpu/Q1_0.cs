using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q1_0: +1 and −1.</summary>
internal readonly struct Q1_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q1_0Format>(static () => new IntegerDeviceFamily<Q1_0>());

    public static int Weights => Q1_0Format.Weights;

    public static int Bytes => Q1_0Format.Bytes;

    public static int SubBlock => 128;

    public static int Offset => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => Integers.Spread((block.Word(2, q / 8) >> (4 * (q % 8))) & 15) << 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
