using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q2_K.</summary>
internal readonly struct Q2K : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q2KFormat>(static () => new IntegerDeviceFamily<Q2K>());

    public static int Weights => Q2KFormat.Weights;

    public static int Bytes => Q2KFormat.Bytes;

    public static int SubBlock => 16;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => (block.Word(16, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumScale(PanelBlock block) => block.Half(82);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => block.Byte(0, s) & 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinimumStep(PanelBlock block, int s) => block.Byte(0, s) >> 4;
}
