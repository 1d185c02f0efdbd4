using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q4_1.</summary>
internal readonly struct Q4_1 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q4_1Format>(static () => new IntegerDeviceFamily<Q4_1>());

    public static int Weights => Q4_1Format.Weights;

    public static int Bytes => Q4_1Format.Bytes;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => (block.Word(4, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(PanelBlock block) => -block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinimumStep(PanelBlock block, int s) => 1;
}
