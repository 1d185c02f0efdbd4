using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q3_K.</summary>
internal readonly struct Q3K : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q3KFormat>(static () => new IntegerDeviceFamily<Q3K>());

    public static int Weights => Q3KFormat.Weights;

    public static int Bytes => Q3KFormat.Bytes;

    public static int SubBlock => 16;

    public static int Offset => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        ((block.Word(32, (8 * (q / 32)) + (q % 8)) >> (2 * (q % 32 / 8))) & 0x03030303)
        | (((block.Word(0, q % 8) >> (q / 8)) & 0x01010101) << 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(108);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s)
    {
        var low = s < 8 ? block.Byte(96, s) & 15 : block.Byte(96, s - 8) >> 4;
        return (low | (((block.Byte(96, 8 + (s % 4)) >> (2 * (s / 4))) & 3) << 4)) - 32;
    }
}
