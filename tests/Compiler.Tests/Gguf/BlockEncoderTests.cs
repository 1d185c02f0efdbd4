using System.Runtime.InteropServices;
using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Kernels")]
public sealed class BlockEncoderTests
{
    private static IEnumerable<string> Encodable => CodeFormats.GgufTypes.Where(f => f.CanEncode).Select(f => f.Name);

    // 256 values of one magnitude, from 1e-3 to 1e3.
    private static readonly Gen<float[]> Values =
        from power in Gen.Float[-3, 3]
        from centre in Gen.Float[-1, 1]
        from unit in Gen.Float[-1, 1].Array[256]
        select unit.Select(u => (u + centre) * MathF.Pow(10, power)).ToArray();

    // The same with draws that are even on the interval: Gen.Float prefers special and small values.
    private static readonly Gen<float[]> EvenValues =
        from power in Gen.Float[-3, 3]
        from centre in Gen.Float[-1, 1]
        from unit in Gen.Double.Unit.Array[256]
        select unit.Select(u => (float)((2 * u) - 1 + centre) * MathF.Pow(10, power)).ToArray();

    [TestCase("f16")]
    [TestCase("bf16")]
    [TestCase("q8_0")]
    [TestCase("q4_0")]
    [TestCase("q4_1")]
    [TestCase("q5_0")]
    [TestCase("q5_1")]
    [TestCase("mxfp4")]
    [TestCase("nvfp4")]
    [TestCase("q1_0")]
    [TestCase("q2_0")]
    [TestCase("tq1_0")]
    [TestCase("tq2_0")]
    public void Formats_without_a_search_encode_to_the_bytes_of_the_reference(string type)
    {
        var golden = Golden(type);
        Assert.That(Encode(type, golden.Source), Is.EqualTo(golden.Quantised));
    }

    [TestCase("q2_k")]
    [TestCase("q3_k")]
    [TestCase("q4_k")]
    [TestCase("q5_k")]
    [TestCase("q6_k")]
    [TestCase("iq4_nl")]
    [TestCase("iq4_xs")]
    public void Searched_formats_lose_no_more_than_the_reference_encoder(string type)
    {
        var golden = Golden(type);
        var reference = new float[golden.Source.Length];
        CodeFormats.Named(type).Decode(golden.Quantised, reference);
        var ours = RoundTrip(type, golden.Source);
        Assert.That(SquaredError(ours, golden.Source), Is.LessThanOrEqualTo(SquaredError(reference, golden.Source)));
    }

    // A step is the largest magnitude over 127, 8 or 16. Codes of Q4_0 and Q5_0 end one short of the far side (-8 to 7), where a
    // value may miss by a whole step instead of half.
    [TestCase("q8_0", 0.5 / 127)]
    [TestCase("q4_0", 1.0 / 8)]
    [TestCase("q5_0", 1.0 / 16)]
    public void Symmetric_formats_stay_within_their_step(string type, double bound) =>
        Values.Sample(values => Within(type, values, chunk => chunk.Max(Math.Abs) * bound), iter: 300);

    [TestCase("q4_1", 15)]
    [TestCase("q5_1", 31)]
    public void Formats_with_a_minimum_stay_within_half_a_step(string type, int largest) =>
        Values.Sample(values => Within(type, values, chunk => 0.5 * (chunk.Max() - chunk.Min()) / largest), iter: 300);

    // The search minimises squared error, so the bounds are on the root mean square. Values spread evenly leave a uniform rounding
    // error, step / sqrt(12), where a step is the range over the largest code (of the signed formats, 4 and 32: the range may lie all
    // on one side); rounding the 6-bit (8-bit) sub-scales costs up to half of 1/63 (1/127) of the largest range in the super-block.
    [TestCase("q2_k", 3, 15)]
    [TestCase("q3_k", 4, 31)]
    [TestCase("q4_k", 15, 63)]
    [TestCase("q5_k", 31, 63)]
    [TestCase("q6_k", 32, 127)]
    public void Super_block_formats_stay_within_a_step_of_the_whole_range(string type, int codes, int scaleCodes) =>
        EvenValues.Sample(
            values =>
                RootMeanSquare(type, values)
                <= (Range(values) * ((1 / (codes * Math.Sqrt(12))) + (0.5 / scaleCodes))) + Subnormal(codes, scaleCodes),
            iter: 300
        );

    // Values can be chosen that all lie half-way between two codes: then half a step, and half a code of scale and of minimum.
    [TestCase("q2_k", 3, 15)]
    [TestCase("q3_k", 4, 31)]
    [TestCase("q4_k", 15, 63)]
    [TestCase("q5_k", 31, 63)]
    [TestCase("q6_k", 32, 127)]
    public void Super_block_formats_never_lose_more_than_half_a_step(string type, int codes, int scaleCodes) =>
        Values.Sample(
            values => RootMeanSquare(type, values) <= (Range(values) * ((0.5 / codes) + (1.0 / scaleCodes))) + Subnormal(codes, scaleCodes),
            iter: 300
        );

    [Test]
    public void Zeros_stay_zeros() =>
        Assert.Multiple(() =>
        {
            foreach (var type in Encodable)
                Assert.That(RoundTrip(type, new float[256]), Is.All.EqualTo(0f), $"{type}");
        });

    [Test]
    public void Values_on_the_grid_are_kept_exactly() =>
        Values.Sample(
            values =>
            {
                // Whole numbers from -8 to 7 with a -8 in every block: the scale is exactly 1.
                var onGrid = values.Select((v, i) => i % 32 == 0 ? -8f : MathF.Round(Math.Clamp(v, -8, 7))).ToArray();
                return RoundTrip("q4_0", onGrid).SequenceEqual(onGrid);
            },
            iter: 100
        );

    [Test]
    public void Values_that_no_block_can_hold_are_refused()
    {
        var nan = new float[256];
        nan[200] = float.NaN;
        var huge = new float[256];
        huge[3] = 1e12f;
        Assert.Multiple(() =>
        {
            foreach (var type in Encodable.Where(name => CodeFormats.Named(name).IsQuantised))
            {
                Assert.That(() => Encode(type, nan), Throws.ArgumentException, $"{type} of NaN");
                if (type != "mxfp4") // its scales reach 2^127
                    Assert.That(() => Encode(type, huge), Throws.ArgumentException, $"{type} of 1e12");
            }
            Assert.That(() => Encode("iq1_s", new float[256]), Throws.ArgumentException);
        });
    }

    [Test]
    public void Bf16_keeps_nan_and_rounds_ties_to_even()
    {
        var bytes = new byte[8];
        // 1 + 2^-8 lies half-way between 1 and 1 + 2^-7; 1 + 3·2^-8 half-way between 1 + 2^-7 and 1 + 2^-6.
        CodeFormats
            .Named("bf16")
            .Encode([1f + 0.00390625f, 1f + (3 * 0.00390625f), float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001)], bytes);
        var bits = MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(bits[0], Is.EqualTo(0x3F80));
            Assert.That(bits[1], Is.EqualTo(0x3F82));
            Assert.That(bits.Skip(2).Select(b => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)b << 16))), Is.All.True);
        });
    }

    /// <summary>
    /// Whether blocks of 32 come back within the bound, plus what rounding scale and minimum to F16 adds. Either moves by 2^-11 of
    /// itself: together by 2^-11 of what the codes span (the range, or the largest magnitude of a format without a minimum) and 2^-11
    /// of the minimum. Subnormal scales move by 2^-25 in up to 127 codes; the products of F32 that choose a code by 2^-22 of the range.
    /// </summary>
    private static bool Within(string type, float[] values, Func<float[], double> bound)
    {
        const int Block = 32;
        var decoded = RoundTrip(type, values);
        for (var at = 0; at < values.Length; at += Block)
        {
            var chunk = values[at..(at + Block)];
            var range = (double)chunk.Max() - chunk.Min();
            var most = bound(chunk) + ((range + chunk.Max(Math.Abs)) * Math.Pow(2, -11)) + (range * Math.Pow(2, -22)) + Math.Pow(2, -18);
            for (var i = 0; i < Block; i++)
            {
                if (Math.Abs(decoded[at + i] - chunk[i]) > most)
                    return false;
            }
        }
        return true;
    }

    private static double RootMeanSquare(string type, float[] values) =>
        Math.Sqrt(SquaredError(RoundTrip(type, values), values) / values.Length);

    // The super-block's F16 scale moves by up to 2^-25 where it is subnormal, in every code of every scale.
    private static double Subnormal(int codes, int scaleCodes) => codes * (scaleCodes + 1) * Math.Pow(2, -25);

    // What the codes must span: zero is always among what a super-block can hold.
    private static double Range(float[] values) => (double)Math.Max(values.Max(), 0) - Math.Min(values.Min(), 0);

    private static double SquaredError(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Sum();

    private static byte[] Encode(string type, float[] values)
    {
        var bytes = new byte[CodeFormats.Named(type).BytesOf(values.Length)];
        CodeFormats.Named(type).Encode(values, bytes);
        return bytes;
    }

    private static float[] RoundTrip(string type, float[] values)
    {
        var decoded = new float[values.Length];
        CodeFormats.Named(type).Decode(Encode(type, values), decoded);
        return decoded;
    }

    private static (float[] Source, byte[] Quantised) Golden(string type)
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden/dequant/index.json")));
        var row = index.RootElement.EnumerateArray().Single(r => r.GetProperty("type_id").GetInt32() == CodeFormats.Named(type).GgmlType);
        var bytes = File.ReadAllBytes(Shared.Path($"golden/dequant/{row.GetProperty("file").GetString()}"));
        var source = MemoryMarshal
            .Cast<byte, float>(bytes.AsSpan(row.GetProperty("src_f32_off").GetInt32(), 4 * row.GetProperty("n").GetInt32()))
            .ToArray();
        return (source, bytes.AsSpan(row.GetProperty("quant_off").GetInt32(), row.GetProperty("quant_bytes").GetInt32()).ToArray());
    }
}
