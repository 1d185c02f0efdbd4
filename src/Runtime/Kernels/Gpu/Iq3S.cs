using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ3_S.</summary>
internal readonly struct Iq3S : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq3SFormat>(static () => new IntegerDeviceFamily<Iq3S>());

    public static int Weights => BlockCodes.MaximumWeights;

    public static int Bytes => Iq3SFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookGrids.Iq3S;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q)
    {
        var code = block.Byte(2, q) | (((block.Byte(66, q / 8) >> (q % 8)) & 1) << 8);
        return Integers.Negate(block.Book(code), (uint)block.Byte(74, q / 2) >> (4 * (q % 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s) => (2 * ((block.Byte(106, s / 2) >> (4 * (s % 2))) & 15)) + 1;
}
