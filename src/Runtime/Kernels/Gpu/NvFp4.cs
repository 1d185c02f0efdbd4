using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>NVFP4: half an unsigned E4M3 scale per sixteen weights, in units of its smallest step 2^−10.</summary>
internal readonly struct NvFp4 : IIntegerFormat
{
    [ModuleInitializer]
    internal static void Register() => DeviceFamily.Registry.Add<NvFp4Format>(static () => new IntegerDeviceFamily<NvFp4>());

    public static int Weights => NvFp4Format.Weights;

    public static int Bytes => NvFp4Format.Bytes;

    public static ReadOnlySpan<sbyte> Book => CodebookValues.Fp4Doubled;

    public static int SubBlock => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(PanelBlock block, int q) =>
        block.LookUp((block.Word(4, (2 * (q / 4)) + (q % 2)) >> (4 * (q % 4 / 2))) & 0x0F0F0F0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(PanelBlock block) => 1f / 1024;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(PanelBlock block, int s)
    {
        var code = block.Byte(0, s);
        int exponent = (code >> 3) & 15,
            mantissa = code & 7;
        return code == 0x7F ? 0
            : exponent == 0 ? mantissa
            : (8 + mantissa) << (exponent - 1);
    }
}
