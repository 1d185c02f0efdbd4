using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q5_K.</summary>
internal readonly struct Q5K : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q5KFormat>(static () => new IntegerDeviceFamily<Q5K>());

    public static int Weights => Q5KFormat.Weights;

    public static int Bytes => Q5KFormat.Bytes;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        ((block.Word(48, (8 * (q / 16)) + (q % 8)) >> (4 * (q / 8 % 2))) & 0x0F0F0F0F)
        | (((block.Word(16, q % 8) >> (q / 8)) & 0x01010101) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(PanelBlock block) => block.Half(2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => SixBits.Scale(block, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinimumStep(PanelBlock block, int s) => SixBits.Minimum(block, s);
}
