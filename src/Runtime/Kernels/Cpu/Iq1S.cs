using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ1_S: d, 32 low bytes of codes; per 32 weights sixteen bits: four times three high bits, a scale of three bits, the sign of
/// the shift by an eighth.</summary>
internal readonly unsafe struct Iq1S : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq1SFormat>(static () => new SumFamily<Iq1S, EighthsSum>());

    public static int BlockBytes => Iq1SFormat.Bytes;

    public static int BlockWeights => BlockCodes.MaximumWeights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> low = PanelWords.Load(row + 32, part, half),
                packed = PanelWords.Load(row + (34 * 16), part / 2, half) >>> (16 * (part % 2));
            to.PutScale(part, CodeBooks.Odd(PanelWords.Field(packed, 12, 7)));
            var shift = CodeBooks.Shift(packed, 15);
            CodeBooks.PutShifted(PanelWords.Field(low, 0, 255) | ((packed << 8) & Vector256.Create(0x700u)), shift, 8 * part, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 8, 255) | ((packed << 5) & Vector256.Create(0x700u)), shift, (8 * part) + 2, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 16, 255) | ((packed << 2) & Vector256.Create(0x700u)), shift, (8 * part) + 4, to);
            CodeBooks.PutShifted((low >>> 24) | ((packed >>> 1) & Vector256.Create(0x700u)), shift, (8 * part) + 6, to);
        }
    }
}
