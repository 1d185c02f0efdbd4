using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// IQ1_M: 32 low bytes of codes; per 8 weights a nibble of three high bits and the sign of the shift by an eighth; four words of four
/// scales of three bits (one per 16 weights) and a quarter of d.
/// </summary>
internal readonly unsafe struct Iq1M : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq1MFormat>(static () => new SumFamily<Iq1M, EighthsSum>());

    public static int BlockBytes => Iq1MFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        Vector256<uint> s01 = PanelWords.Load(row + (48 * 16), 0, half),
            s23 = PanelWords.Load(row + (48 * 16), 1, half);
        to.PutScale(Scale(s01, s23));
        for (var k = 0; k < 4; k++)
        {
            to.PutScale(k, CodeBooks.Odd(PanelWords.Field(s01, 3 * k, 7)));
            to.PutScale(4 + k, CodeBooks.Odd(PanelWords.Field(s01, 16 + (3 * k), 7)));
            to.PutScale(8 + k, CodeBooks.Odd(PanelWords.Field(s23, 3 * k, 7)));
            to.PutScale(12 + k, CodeBooks.Odd(PanelWords.Field(s23, 16 + (3 * k), 7)));
        }

        for (var u = 0; u < 8; u++)
        {
            Vector256<uint> low = PanelWords.Load(row, u, half),
                high = PanelWords.Load(row + (32 * 16), u / 2, half) >>> (16 * (u % 2));
            CodeBooks.PutShifted(
                PanelWords.Field(low, 0, 255) | ((high << 8) & Vector256.Create(0x700u)),
                CodeBooks.Shift(high, 3),
                8 * u,
                to
            );
            CodeBooks.PutShifted(
                PanelWords.Field(low, 8, 255) | ((high << 4) & Vector256.Create(0x700u)),
                CodeBooks.Shift(high, 7),
                (8 * u) + 2,
                to
            );
            CodeBooks.PutShifted(
                PanelWords.Field(low, 16, 255) | (high & Vector256.Create(0x700u)),
                CodeBooks.Shift(high, 11),
                (8 * u) + 4,
                to
            );
            CodeBooks.PutShifted((low >>> 24) | ((high >>> 4) & Vector256.Create(0x700u)), CodeBooks.Shift(high, 15), (8 * u) + 6, to);
        }
    }

    /// <summary>d, four bits from the top of each of the four words.</summary>
    [SkipLocalsInit]
    private static Vector256<float> Scale(Vector256<uint> s01, Vector256<uint> s23)
    {
        var bits =
            PanelWords.Field(s01, 12, 0xF)
            | PanelWords.Field(s01, 24, 0xF0)
            | ((s23 >>> 4) & Vector256.Create(0xF00u))
            | ((s23 >>> 16) & Vector256.Create(0xF000u));
        var halves = Vector128.Narrow(bits.GetLower(), bits.GetUpper());
        return HalfVectors.Load8(&halves);
    }
}
