using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ2_XS.</summary>
internal readonly struct Iq2Xs : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq2XsFormat>(static () => new IntegerDeviceFamily<Iq2Xs>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq2XsFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq2Xs;

    public static int SubBlock => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        var packed = (block.Word(2, q / 4) >> (16 * (q / 2 % 2))) & 0xFFFF;
        return Integers.Negate(block.Book((2 * (int)(packed & 511)) + (q % 2)), EvenSigns.Of(packed >> 9) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * ((block.Byte(66, s / 2) >> (4 * (s % 2))) & 15)) + 1;
}
