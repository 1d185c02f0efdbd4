using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Tests.Quantize;

/// <summary>The fabric's own code formats: what rounding costs, and what the activations' power changes.</summary>
[Category("Compiler")]
public class RomEncoderTests
{
    private static readonly RomFormat[] Formats = [.. CodeFormats.All.OfType<RomFormat>()];

    [TestCaseSource(nameof(Formats))]
    public void Every_weight_is_within_what_its_bits_allow(RomFormat format)
    {
        Gen.Float[-1, 1]
            .Array[1, 100]
            .Sample(weights =>
            {
                var decoded = Decode(weights, [], format);
                // A scale from the extreme over 0.8…1.6 of the code range, stored to 1 in 255 of the largest: two steps hold what rounding
                // and clipping cost. Below the least float the column's scale is zero, and so are weights of up to 255 times the code range
                // of it.
                var codes = 1 << (format.CodeBits - 1);
                var step = (double)weights.Max(MathF.Abs) / codes;
                var error = weights.Zip(decoded, (w, d) => (double)(w - d) * (w - d)).Sum();
                Assert.That(
                    Math.Sqrt(error / weights.Length),
                    Is.LessThanOrEqualTo((2 * step) + (weights.Max(MathF.Abs) / 100) + (255 * codes * (double)float.Epsilon))
                );
            });
    }

    [TestCaseSource(nameof(Formats))]
    public void Fitting_to_the_activations_lowers_the_weighted_error(RomFormat format)
    {
        var random = new Random(7);
        double plain = 0,
            fitted = 0;
        for (var column = 0; column < 64; column++)
        {
            var weights = new float[128];
            var power = new float[128];
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble()) - 1.5);
                power[i] = i % 8 == 0 ? 100 : 1;
            }

            plain += WeightedError(weights, power, Decode(weights, [], format));
            fitted += WeightedError(weights, power, Decode(weights, power, format));
        }

        Assert.That(fitted, Is.LessThan(0.98 * plain));
    }

    [Test]
    public void Power_of_zero_everywhere_is_as_good_as_none_given()
    {
        float[] weights = [.. Enumerable.Range(0, 64).Select(i => MathF.Sin(i))];
        var plain = WeightedError(weights, Ones(64), Decode(weights, [], new Rom4Format()));
        var zero = WeightedError(weights, Ones(64), Decode(weights, new float[64], new Rom4Format()));
        Assert.That(zero, Is.LessThanOrEqualTo(plain * 1.0001));
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    private static double WeightedError(float[] weights, float[] power, float[] decoded)
    {
        double error = 0;
        for (var i = 0; i < weights.Length; i++)
            error += (double)power[i] * (weights[i] - decoded[i]) * (weights[i] - decoded[i]);
        return error;
    }

    private static float[] Decode(float[] weights, float[] power, RomFormat format)
    {
        var blocks = new byte[PanelLayout.Blocks(format, weights.Length) * format.BlockBytes];
        var scale = power.Length == 0 ? format.EncodeColumn(weights, blocks) : format.EncodeColumn(weights, power, blocks);
        var decoded = new float[weights.Length];
        format.DecodeColumn(blocks, scale, decoded);
        return decoded;
    }
}
