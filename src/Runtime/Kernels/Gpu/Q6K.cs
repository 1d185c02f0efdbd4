using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Q6_K.</summary>
internal readonly struct Q6K : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Q6KFormat>(static () => new IntegerDeviceFamily<Q6K>());

    public static int Weights => Q6KFormat.Weights;

    public static int Bytes => Q6KFormat.Bytes;

    public static int SubBlock => 16;

    public static int Offset => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        int n = q / 32,
            j = q % 32 / 8,
            l = q % 8;
        var low = (block.Word(0, (16 * n) + (8 * (j % 2)) + l) >> (4 * (j / 2))) & 0x0F0F0F0F;
        return low | (((block.Word(128, (8 * n) + l) >> (2 * j)) & 0x03030303) << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(208);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => Integers.Byte((uint)block.Byte(192, s), 0);
}
