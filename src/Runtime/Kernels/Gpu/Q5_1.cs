using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q5_1.</summary>
internal readonly struct Q5_1 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q5_1Format>(static () => new IntegerDeviceFamily<Q5_1>());

    public static int Weights => Q5_1Format.Weights;

    public static int Bytes => Q5_1Format.Bytes;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        ((block.Word(8, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F) | (Integers.Spread(block.Word(4, 0) >> (4 * q)) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(PanelBlock block) => -block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinimumStep(PanelBlock block, int s) => 1;
}
