using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ4_NL.</summary>
internal readonly struct Iq4Nl : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<Iq4NlFormat>(static () => new IntegerDeviceFamily<Iq4Nl>());

    public static int Weights => Iq4NlFormat.Weights;

    public static int Bytes => Iq4NlFormat.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookValues.Iq4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(2, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => block.Half(0);
}
