using System.Runtime.CompilerServices;
using ILGPU;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>MXFP4: the scale is half of what the exponent byte stands for, the book twice FP4.</summary>
internal readonly struct MxFp4 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<MxFp4Format>(static () => new IntegerDeviceFamily<MxFp4>());

    public static int Weights => MxFp4Format.Weights;

    public static int Bytes => MxFp4Format.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookValues.Fp4Doubled;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) => block.LookUp((block.Word(1, q % 4) >> (4 * (q / 4))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block)
    {
        var exponent = block.Single(0);
        return Interop.IntAsFloat(exponent < 2 ? 0x0020_0000u << (int)exponent : (exponent - 1) << 23);
    }
}
