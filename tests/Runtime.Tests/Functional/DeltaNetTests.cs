using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>One step of the gated delta rule against its formula in binary64, where seeded models do not reach: long time steps, keys of
/// length 0, value heads that fill no vector.</summary>
[Category("Kernels")]
public sealed class DeltaNetTests
{
    private const double Least = 1e-4;

    [TestCase(true)]
    [TestCase(false)]
    public void A_step_follows_the_formula(bool grouped)
    {
        const int Heads = 4,
            Size = 11,
            Groups = 2;
        var op = Operator(Heads, Size, Groups, grouped);
        float[] rate = [-0.3f, -0.001f, -1, -0.02f],
            bias = [0.5f, 30, -3, 19];
        float[] states = SeededTensor.Signed(Heads * Size * Size, 1),
            mixed = SeededTensor.Signed(((2 * Groups) + Heads) * Size, 2),
            correction = SeededTensor.Signed(Heads, 3),
            decay = SeededTensor.Signed(Heads, 4),
            y = new float[Heads * Size];
        // The key of the second group has no length.
        mixed.AsSpan(3 * Size, Size).Clear();
        var expected = (float[])states.Clone();
        var results = Formula(op, expected, mixed, correction, decay, rate, bias);
        new DeltaNet(op, rate, bias, (float)Least).Step(states, mixed, [.. correction, .. decay], y);
        Assert.Multiple(() =>
        {
            Assert.That(y, Is.EqualTo(results).Within(2e-6));
            Assert.That(states, Is.EqualTo(expected).Within(2e-6));
        });
    }

    // S = e^(a · softplus(d + b)) S; S += k ⊗ (v − kᵀS) σ(c); y = qᵀS / √n, with q and k of length 1.
    private static float[] Formula(
        DeltaNetOperator op,
        float[] states,
        float[] mixed,
        float[] correction,
        float[] decay,
        float[] rate,
        float[] bias
    )
    {
        var (size, heads, groups) = (op.Sizes.StateSize, op.Sizes.Heads, op.Sizes.Groups);
        var y = new float[heads * size];
        for (var h = 0; h < heads; h++)
        {
            var group = op.Grouped ? h / (heads / groups) : h % groups;
            var query = Unit(mixed.AsSpan(group * size, size));
            var key = Unit(mixed.AsSpan((groups + group) * size, size));
            var kept = Math.Exp(rate[h] * Math.Log(1 + Math.Exp((double)decay[h] + bias[h])));
            var share = 1 / (1 + Math.Exp(-correction[h]));
            for (var j = 0; j < size; j++)
            {
                var column = Enumerable.Range(0, size).Select(i => kept * states[(((h * size) + i) * size) + j]).ToArray();
                var error = mixed[(((2 * groups) + h) * size) + j] - column.Zip(key, (s, k) => s * k).Sum();
                for (var i = 0; i < size; i++)
                    states[(((h * size) + i) * size) + j] = (float)(column[i] += key[i] * error * share);
                y[(h * size) + j] = (float)(column.Zip(query, (s, q) => s * q).Sum() / Math.Sqrt(size));
            }
        }

        return y;
    }

    private static double[] Unit(ReadOnlySpan<float> x)
    {
        double[] values = [.. x.ToArray().Select(v => (double)v)];
        var length = Math.Max(Least, Math.Sqrt(values.Sum(v => v * v)));
        return Array.ConvertAll(values, v => v / length);
    }

    private static DeltaNetOperator Operator(int heads, int size, int groups, bool grouped) =>
        new()
        {
            Id = 3,
            Layer = 0,
            Width = heads * size,
            Input = 0,
            Correction = 1,
            Step = 2,
            StepBias = "bias",
            DecayRate = "rate",
            Grouped = grouped,
            Sizes = new RecurrenceShape
            {
                Kind = RecurrenceKind.GatedDeltaNet,
                Heads = heads,
                HeadSize = size,
                StateSize = size,
                Groups = groups,
            },
        };
}
