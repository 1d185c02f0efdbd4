using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>TQ1_0: five ternary digits a byte.</summary>
internal readonly struct Tq1_0 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Tq1_0Format>(static () => new IntegerDeviceFamily<Tq1_0>());

    public static int Weights => Tq1_0Format.Weights;

    public static int Bytes => Tq1_0Format.Bytes;

    public static int SubBlock => 256;

    public static int Offset => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        int digit = q < 40 ? q / 8
            : q < 60 ? (q - 40) / 4
            : q - 60,
            unit = q < 40 ? q % 8
            : q < 60 ? 8 + ((q - 40) % 4)
            : 12;
        var power =
            digit == 0 ? 1u
            : digit == 1 ? 3u
            : digit == 2 ? 9u
            : digit == 3 ? 27u
            : 81u;
        var word = block.Word(0, unit);
        uint codes = 0;
        for (var i = 0; i < 32; i += 8)
            codes |= ((((((word >> i) & 255) * power) & 255) * 3) >> 8) << i;
        return codes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(52);
}
