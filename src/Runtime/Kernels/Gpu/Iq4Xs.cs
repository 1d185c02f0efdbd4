using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ4_XS.</summary>
internal readonly struct Iq4Xs : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq4XsFormat>(static () => new IntegerDeviceFamily<Iq4Xs>());

    public static int Weights => Iq4XsFormat.Weights;

    public static int Bytes => Iq4XsFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookValues.Iq4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        block.LookUp((block.Word(8, (4 * (q / 8)) + (q % 4)) >> (4 * (q % 8 / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) =>
        (((block.Byte(4, s / 2) >> (4 * (s % 2))) & 15) | (((int)(block.Short(2) >> (2 * s)) & 3) << 4)) - 32;
}
