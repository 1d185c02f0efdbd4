using NUnit.Framework;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Tests.Sampling;

/// <summary>The indices of functions whose variances are known in closed form.</summary>
[TestFixture]
[Category("Validation")]
public sealed class SobolIndicesTests
{
    private const int BasePoints = 4096;

    // T. Ishigami, T. Homma, ISUMA 1990: f = sin x1 + a sin² x2 + b x3⁴ sin x1 on (−π, π)³.
    [Test]
    public void Indices_of_the_ishigami_function()
    {
        const double a = 7,
            b = 0.1;
        var pi4 = Math.Pow(Math.PI, 4);
        var v1 = 0.5 * Math.Pow(1 + (b * pi4 / 5), 2);
        var v2 = a * a / 8;
        var v13 = b * b * pi4 * pi4 * 8 / 225;
        var v = v1 + v2 + v13;
        Check(
            3,
            x =>
            {
                var y = x.Select(u => Math.PI * ((2 * u) - 1)).ToArray();
                return Math.Sin(y[0]) + (a * Math.Pow(Math.Sin(y[1]), 2)) + (b * Math.Pow(y[2], 4) * Math.Sin(y[0]));
            },
            [v1 / v, v2 / v, 0],
            [(v1 + v13) / v, v2 / v, v13 / v]
        );
    }

    // Sobol's g-function: product of (|4x − 2| + a) / (1 + a); each factor has variance 1 / (3 (1 + a)²).
    [Test]
    public void Indices_of_the_g_function()
    {
        double[] a = [0, 1, 4.5, 9, 99, 99];
        var parts = a.Select(v => 1 / (3 * (1 + v) * (1 + v))).ToArray();
        var all = parts.Aggregate(1.0, (p, v) => p * (1 + v)) - 1;
        Check(
            a.Length,
            x => x.Zip(a).Aggregate(1.0, (p, v) => p * (Math.Abs((4 * v.First) - 2) + v.Second) / (1 + v.Second)),
            [.. parts.Select(v => v / all)],
            [.. parts.Select(v => v * ((all + 1) / (1 + v)) / all)]
        );
    }

    [Test]
    public void A_figure_that_does_not_vary_has_no_indices()
    {
        double[] same = [.. Enumerable.Repeat(1e-3, 64)];
        var index = SobolIndices.Of(same, same, [same], 1)[0];
        Assert.That((index.First.Value, index.Total.Value), Is.EqualTo((double.NaN, double.NaN)));
    }

    private static void Check(int dimensions, Func<double[], double> f, double[] first, double[] total)
    {
        var points = new SaltelliPoints(dimensions, 1);
        var values = Enumerable
            .Range(0, BasePoints * points.Block)
            .Select(i =>
            {
                var point = new double[dimensions];
                points.At(i, point);
                return f(point);
            })
            .ToArray();
        double[] Kind(int kind) => [.. Enumerable.Range(0, BasePoints).Select(i => values[(i * points.Block) + kind])];
        var indices = SobolIndices.Of(Kind(0), Kind(1), [.. Enumerable.Range(2, dimensions).Select(Kind)], 1);
        Assert.Multiple(() =>
        {
            for (var d = 0; d < dimensions; d++)
            {
                Assert.That(indices[d].First.Value, Is.EqualTo(first[d]).Within(0.01), $"first of {d}");
                Assert.That(indices[d].Total.Value, Is.EqualTo(total[d]).Within(0.01), $"total of {d}");
                Assert.That(indices[d].First.High - indices[d].First.Low, Is.InRange(0, 0.1), $"interval of {d}");
            }

            Assert.That(
                indices.Select(i => i.First).Zip(first).Count(i => i.First.Low <= i.Second && i.Second <= i.First.High),
                Is.GreaterThanOrEqualTo(dimensions - 1)
            );
            Assert.That(
                indices.Select(i => i.Total).Zip(total).Count(i => i.First.Low <= i.Second && i.Second <= i.First.High),
                Is.GreaterThanOrEqualTo(dimensions - 1)
            );
        });
    }
}
