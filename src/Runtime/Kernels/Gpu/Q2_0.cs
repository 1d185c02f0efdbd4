using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q2_0.</summary>
internal readonly struct Q2_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q2_0Format>(static () => new IntegerDeviceFamily<Q2_0>());

    public static int Weights => Q2_0Format.Weights;

    public static int Bytes => Q2_0Format.Bytes;

    public static int SubBlock => 64;

    public static int Offset => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        var codes = (block.Word(2, q / 4) >> (8 * (q % 4))) & 255;
        return (codes & 3) | ((codes & 12) << 6) | ((codes & 48) << 12) | ((codes & 192) << 18);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
