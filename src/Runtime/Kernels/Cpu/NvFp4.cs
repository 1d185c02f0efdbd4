using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>NVFP4: four scales of eight bits, one per 16 weights, 32 bytes of nibbles that pick from a table.</summary>
internal readonly unsafe struct NvFp4 : ISumFormat
{
    public static int BlockBytes => 36;

    public static int BlockWeights => 64;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(Vector256<float>.One);
        var scales = PanelWords.Load(row, 0, half);
        var table = Nibbles.Table(CodebookValues.Fp4Doubled);
        for (var part = 0; part < 4; part++)
        {
            to.PutScale(part, Avx2.GatherVector256(CodeBooks.HalfUE4M3, PanelWords.Field(scales, 8 * part, 255).AsInt32(), 4));
            Nibbles.Put(PanelWords.Load(row + 64, 2 * part, half), table, 4 * part, 2, to);
            Nibbles.Put(PanelWords.Load(row + 64, (2 * part) + 1, half), table, (4 * part) + 1, 2, to);
        }
    }
}
