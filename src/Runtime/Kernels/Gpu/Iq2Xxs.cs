using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_XXS.</summary>
internal readonly struct Iq2Xxs : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq2XxsFormat>(static () => new IntegerDeviceFamily<Iq2Xxs>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq2XxsFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq2Xxs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        Integers.Negate(
            block.Book((2 * (block.Byte(2, (8 * (q / 8)) + (q % 8 / 2)))) + (q % 2)),
            (EvenSigns.Of(block.Word(2, (2 * (q / 8)) + 1) >> (7 * (q % 8 / 2)))) >> (4 * (q % 2))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * (int)(block.Word(2, (2 * s) + 1) >> 28)) + 1;
}
