using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_S.</summary>
internal readonly struct Iq2S : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq2SFormat>(static () => new IntegerDeviceFamily<Iq2S>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq2SFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq2S;

    public static int SubBlock => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        var g = q / 2;
        var code = block.Byte(2, g) | ((block.Byte(66, g / 4) << (8 - (2 * (g % 4)))) & 0x300);
        return Integers.Negate(block.Book((2 * code) + (q % 2)), (uint)block.Byte(34, g) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * ((block.Byte(74, s / 2) >> (4 * (s % 2))) & 15)) + 1;
}
