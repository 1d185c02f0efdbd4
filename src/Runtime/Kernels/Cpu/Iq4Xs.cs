using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>IQ4_XS: d, high bit pairs and low nibbles of eight scales (less 32), 128 bytes of nibbles that pick from a table.</summary>
internal readonly unsafe struct Iq4Xs : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Iq4XsFormat>(static () => new SumFamily<Iq4Xs, PartTerms>());

    public static int BlockBytes => Iq4XsFormat.Bytes;

    public static int BlockWeights => Iq4XsFormat.Weights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        Vector256<uint> high = PanelWords.LoadShorts(row + 32, half),
            low = PanelWords.Load(row + 64, 0, half);
        var table = Nibbles.Table(CodebookValues.Iq4);
        for (var part = 0; part < 8; part++)
        {
            var scale = PanelWords.Field(low, 4 * part, 15) | (PanelWords.Field(high, 2 * part, 3) << 4);
            to.PutScale(part, Vector256.ConvertToSingle(scale.AsInt32() - Vector256.Create(32)));
            for (var k = 0; k < 4; k++)
                Nibbles.Put(PanelWords.Load(row + 128, (4 * part) + k, half), table, (8 * part) + k, 4, to);
        }
    }
}
