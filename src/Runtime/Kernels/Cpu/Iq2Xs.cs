using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ2_XS: d; per 8 weights a code of nine bits and seven signs; four-bit scales, one per 16 weights. An eighth is taken in the
/// end.</summary>
internal readonly unsafe struct Iq2Xs : ISumFormat
{
    private static readonly uint* Book = CodeBooks.Copy(CodebookGrids.Iq2Xs);

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq2XsFormat>(static () => new SumFamily<Iq2Xs, ScaledSum>());

    public static int BlockBytes => Iq2XsFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 16;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        CodeBooks.PutScales(row + (66 * 16), half, to);
        for (var part = 0; part < 16; part++)
        {
            var two = PanelWords.Load(row + 32, part, half);
            var signs = CodeBooks.WithEighth(PanelWords.Field(two, 9, 0x007F007F));
            CodeBooks.PutEight(Book, PanelWords.Field(two, 0, 511), signs, 0, 4 * part, to);
            CodeBooks.PutEight(Book, PanelWords.Field(two, 16, 511), signs, 2, (4 * part) + 2, to);
        }
    }
}
