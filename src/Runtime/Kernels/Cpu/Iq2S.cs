using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ2_S: d, 32 low bytes of codes, 32 bytes of signs, 8 bytes of high bit pairs, four-bit scales. An eighth is taken in the
/// end.</summary>
internal readonly unsafe struct Iq2S : ISumFormat
{
    private static readonly uint* Book = CodeBooks.Copy(CodebookGrids.Iq2S);

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq2SFormat>(static () => new SumFamily<Iq2S, ScaledSum>());

    public static int BlockBytes => Iq2SFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 16;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        CodeBooks.PutScales(row + (74 * 16), half, to);
        for (var u = 0; u < 8; u++)
        {
            Vector256<uint> low = PanelWords.Load(row + 32, u, half),
                signs = PanelWords.Load(row + (34 * 16), u, half);
            var high = PanelWords.Load(row + (66 * 16), u / 4, half) >>> (8 * (u % 4));
            CodeBooks.PutEight(Book, PanelWords.Field(low, 0, 255) | ((high << 8) & Vector256.Create(0x300u)), signs, 0, 8 * u, to);
            CodeBooks.PutEight(Book, PanelWords.Field(low, 8, 255) | ((high << 6) & Vector256.Create(0x300u)), signs, 1, (8 * u) + 2, to);
            CodeBooks.PutEight(Book, PanelWords.Field(low, 16, 255) | ((high << 4) & Vector256.Create(0x300u)), signs, 2, (8 * u) + 4, to);
            CodeBooks.PutEight(Book, (low >>> 24) | ((high << 2) & Vector256.Create(0x300u)), signs, 3, (8 * u) + 6, to);
        }
    }
}
