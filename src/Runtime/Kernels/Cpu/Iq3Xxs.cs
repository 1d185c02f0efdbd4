using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ3_XXS: d, 64 codes of four weights; per 32 weights a word of four times seven signs and a scale. A quarter is taken in the
/// end.</summary>
internal readonly unsafe struct Iq3Xxs : ISumFormat
{
    private static readonly uint* Book = CodeBooks.Copy(CodebookGrids.Iq3Xxs);

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq3XxsFormat>(static () => new SumFamily<Iq3Xxs, ScaledSum>());

    public static int BlockBytes => Iq3XxsFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 32;

    public static float OutputScale => 0.25f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> first = PanelWords.Load(row + 32, 2 * part, half),
                second = PanelWords.Load(row + 32, (2 * part) + 1, half);
            var packed = PanelWords.Load(row + (66 * 16), part, half);
            to.PutScale(part, CodeBooks.Odd(packed >>> 28));
            var signs = CodeBooks.Signs(packed);
            CodeBooks.PutFours(Book, PanelWords.Field(first, 0, 255), PanelWords.Field(first, 8, 255), signs, 0, 8 * part, to);
            CodeBooks.PutFours(Book, PanelWords.Field(first, 16, 255), first >>> 24, signs, 1, (8 * part) + 2, to);
            CodeBooks.PutFours(Book, PanelWords.Field(second, 0, 255), PanelWords.Field(second, 8, 255), signs, 2, (8 * part) + 4, to);
            CodeBooks.PutFours(Book, PanelWords.Field(second, 16, 255), second >>> 24, signs, 3, (8 * part) + 6, to);
        }
    }
}
