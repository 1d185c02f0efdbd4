using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ1_S.</summary>
internal readonly struct Iq1S : IShiftedFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq1SFormat>(static () => new ShiftedDeviceFamily<Iq1S>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq1SFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        int sub = q / 8,
            l = q % 8 / 2;
        var high = (int)(block.Word(34, sub / 2) >> ((16 * (sub % 2)) + (3 * l))) & 7;
        return block.Book((2 * (block.Byte(2, q / 2) | (high << 8))) + (q % 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * ((int)(block.Word(34, s / 2) >> ((16 * (s % 2)) + 12)) & 7)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Shift(PanelBlock block, int g) => ((block.Word(34, g / 8) >> ((16 * (g / 4 % 2)) + 15)) & 1) != 0 ? -1 : 1;
}
