using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>NVFP4: four scales of eight bits, one per 16 weights, 32 bytes of nibbles that pick from a table.</summary>
internal readonly unsafe struct NvFp4 : ISumFormat
{
    /// <summary>The 256 scales, where vectors gather from them.</summary>
    private static readonly float* HalfScales = Table();

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<NvFp4Format>(static () => new SumFamily<NvFp4, PartTerms>());

    public static int BlockBytes => NvFp4Format.Bytes;

    public static int BlockWeights => NvFp4Format.Weights;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(Vector256<float>.One);
        var scales = PanelWords.Load(row, 0, half);
        var table = Nibbles.Table(CodebookValues.Fp4Doubled);
        for (var part = 0; part < 4; part++)
        {
            to.PutScale(part, Avx2.GatherVector256(HalfScales, PanelWords.Field(scales, 8 * part, 255).AsInt32(), 4));
            Nibbles.Put(PanelWords.Load(row + 64, 2 * part, half), table, 4 * part, 2, to);
            Nibbles.Put(PanelWords.Load(row + 64, (2 * part) + 1, half), table, (4 * part) + 1, 2, to);
        }
    }

    private static float* Table()
    {
        var to = (float*)NativeMemory.AlignedAlloc(256 * sizeof(float), 64);
        for (var i = 0; i < 256; i++)
            to[i] = NvFp4Format.HalfScale((byte)i);
        return to;
    }
}
