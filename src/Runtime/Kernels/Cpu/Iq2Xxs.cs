using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ2_XXS: d; per 32 weights four codes and a word of four times seven signs and a scale. An eighth is taken in the
/// end.</summary>
internal readonly unsafe struct Iq2Xxs : ISumFormat
{
    private static readonly uint* Book = CodeBooks.Copy(CodebookGrids.Iq2Xxs);

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq2XxsFormat>(static () => new SumFamily<Iq2Xxs, ScaledSum>());

    public static int BlockBytes => Iq2XxsFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 32;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> codes = PanelWords.Load(row + 32, 2 * part, half),
                packed = PanelWords.Load(row + 32, (2 * part) + 1, half);
            to.PutScale(part, CodeBooks.Odd(packed >>> 28));
            var signs = CodeBooks.Signs(packed);
            CodeBooks.PutEight(Book, PanelWords.Field(codes, 0, 255), signs, 0, 8 * part, to);
            CodeBooks.PutEight(Book, PanelWords.Field(codes, 8, 255), signs, 1, (8 * part) + 2, to);
            CodeBooks.PutEight(Book, PanelWords.Field(codes, 16, 255), signs, 2, (8 * part) + 4, to);
            CodeBooks.PutEight(Book, codes >>> 24, signs, 3, (8 * part) + 6, to);
        }
    }
}
