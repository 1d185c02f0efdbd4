using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>TQ2_0.</summary>
internal readonly struct Tq2_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Tq2_0Format>(static () => new IntegerDeviceFamily<Tq2_0>());

    public static int Weights => Tq2_0Format.Weights;

    public static int Bytes => Tq2_0Format.Bytes;

    public static int SubBlock => 256;

    public static int Offset => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => (block.Word(0, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(64);
}
