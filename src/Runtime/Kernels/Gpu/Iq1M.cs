using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ1_M.</summary>
internal readonly struct Iq1M : IShiftedFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq1MFormat>(static () => new ShiftedDeviceFamily<Iq1M>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq1MFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq1;

    public static int SubBlock => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        block.Book((2 * (block.Byte(0, q / 2) | (((block.Byte(32, q / 4) >> (4 * (q / 2 % 2))) & 7) << 8))) + (q % 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block)
    {
        uint first = block.Word(48, 0),
            second = block.Word(48, 1);
        return HalfBits.Value(((first >> 12) & 15) | ((first >> 24) & 0xF0) | ((second >> 4) & 0xF00) | ((second >> 16) & 0xF000));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * ((int)(block.Word(48, s / 8) >> ((16 * (s / 4 % 2)) + (3 * (s % 4)))) & 7)) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Shift(PanelBlock block, int g) => ((block.Byte(32, g / 2) >> (4 * (g % 2))) & 8) != 0 ? -1 : 1;
}
