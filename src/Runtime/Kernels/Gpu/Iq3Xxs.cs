using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ3_XXS.</summary>
internal readonly struct Iq3Xxs : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq3XxsFormat>(static () => new IntegerDeviceFamily<Iq3Xxs>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq3XxsFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq3Xxs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        Integers.Negate(block.Book(block.Byte(2, q)), EvenSigns.Of(block.Word(66, q / 8) >> (7 * (q % 8 / 2))) >> (4 * (q % 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * (int)(block.Word(66, s) >> 28)) + 1;
}
