using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ3_S: d, 64 low bytes of codes of four weights, 8 bytes of their ninth bits, 32 bytes of signs, four-bit scales, one per 32
/// weights.</summary>
internal readonly unsafe struct Iq3S : ISumFormat
{
    private static readonly uint* Book = CodeBooks.Copy(CodebookGrids.Iq3S);

    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq3SFormat>(static () => new SumFamily<Iq3S, ScaledSum>());

    public static int BlockBytes => Iq3SFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        var scales = PanelWords.Load(row + (106 * 16), 0, half);
        for (var part = 0; part < 8; part++)
        {
            to.PutScale(part, CodeBooks.Odd(PanelWords.Field(scales, 4 * part, 15)));
            Vector256<uint> first = PanelWords.Load(row + 32, 2 * part, half),
                second = PanelWords.Load(row + 32, (2 * part) + 1, half);
            var high = PanelWords.Load(row + (66 * 16), part / 4, half) >>> (8 * (part % 4));
            var signs = PanelWords.Load(row + (74 * 16), part, half);
            Vector256<uint> ninth = Vector256.Create(0x100u),
                low = Vector256.Create(255u);
            CodeBooks.PutFours(
                Book,
                (first & low) | ((high << 8) & ninth),
                ((first >>> 8) & low) | ((high << 7) & ninth),
                signs,
                0,
                8 * part,
                to
            );
            CodeBooks.PutFours(
                Book,
                ((first >>> 16) & low) | ((high << 6) & ninth),
                (first >>> 24) | ((high << 5) & ninth),
                signs,
                1,
                (8 * part) + 2,
                to
            );
            CodeBooks.PutFours(
                Book,
                (second & low) | ((high << 4) & ninth),
                ((second >>> 8) & low) | ((high << 3) & ninth),
                signs,
                2,
                (8 * part) + 4,
                to
            );
            CodeBooks.PutFours(
                Book,
                ((second >>> 16) & low) | ((high << 2) & ninth),
                (second >>> 24) | ((high << 1) & ninth),
                signs,
                3,
                (8 * part) + 6,
                to
            );
        }
    }
}
