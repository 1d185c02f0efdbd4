using NUnit.Framework;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Tests.Sampling;

[TestFixture]
[Category("Smoke")]
public sealed class UnitPointsTests
{
    // The first points of the sequence in Gray-code order, as published with the direction numbers.
    [Test]
    public void The_sobol_sequence_begins_as_published()
    {
        double[][] expected =
        [
            [0, 0, 0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        Assert.That(Points(new SobolSequence(3, 0), expected.Length), Is.EqualTo(expected));
    }

    [TestCase(0UL)]
    [TestCase(7UL)]
    public void Every_block_of_a_sobol_dimension_holds_one_point_in_each_part(ulong seed)
    {
        const int count = 256;
        var sequence = new SobolSequence(SobolSequence.MostDimensions, seed);
        var points = Points(sequence, 3 * count);
        Assert.Multiple(() =>
        {
            for (var d = 0; d < sequence.Dimensions; d++)
            for (var block = 0; block < 3; block++)
                Assert.That(
                    points.Skip(block * count).Take(count).Select(p => (int)(p[d] * count)).Distinct().Count(),
                    Is.EqualTo(count),
                    $"dimension {d}, block {block}"
                );
        });
    }

    // Pairs of dimensions are a (0, m, 2)-net for the first two, and no two dimensions are alike.
    [Test]
    public void Sobol_dimensions_are_independent()
    {
        const int count = 1024;
        var points = Points(new SobolSequence(SobolSequence.MostDimensions, 0), count);
        Assert.That(points.Select(p => ((int)(p[0] * 32), (int)(p[1] * 32))).Distinct().Count(), Is.EqualTo(count));
        Assert.Multiple(() =>
        {
            for (var a = 0; a < SobolSequence.MostDimensions; a++)
            for (var b = 0; b < a; b++)
                Assert.That(12 * points.Average(p => (p[a] - 0.5) * (p[b] - 0.5)), Is.Zero.Within(0.15), $"{a}, {b}");
        });
    }

    [Test]
    public void Each_part_of_an_axis_of_a_latin_hypercube_holds_one_point()
    {
        const int count = 97;
        var points = Points(new LatinHypercube(5, count, 3), count);
        Assert.Multiple(() =>
        {
            for (var d = 0; d < 5; d++)
                Assert.That(points.Select(p => (int)(p[d] * count)).Order(), Is.EqualTo(Enumerable.Range(0, count)), $"{d}");
            Assert.That(points.Select(p => (int)(p[0] * count)), Is.Not.EqualTo(points.Select(p => (int)(p[1] * count))));
        });
    }

    [Test]
    public void Random_points_have_the_moments_of_the_uniform_and_do_not_depend_on_their_order()
    {
        const int count = 20_000;
        var sample = new RandomPoints(3, 11);
        var points = Points(sample, count);
        var alone = new double[3];
        sample.At(12_345, alone);
        Assert.Multiple(() =>
        {
            Assert.That(alone, Is.EqualTo(points[12_345]));
            for (var d = 0; d < 3; d++)
            {
                // Four standard errors: 1/sqrt(12 n) of the mean, 1/sqrt(180 n) of the variance.
                var mean = points.Average(p => p[d]);
                Assert.That(mean, Is.EqualTo(0.5).Within(4 / Math.Sqrt(12.0 * count)), $"mean of {d}");
                Assert.That(
                    points.Average(p => Math.Pow(p[d] - mean, 2)),
                    Is.EqualTo(1.0 / 12).Within(4 / Math.Sqrt(180.0 * count)),
                    $"variance of {d}"
                );
            }

            Assert.That(Points(new RandomPoints(3, 12), 2), Is.Not.EqualTo(points.Take(2)));
        });
    }

    private static double[][] Points(IUnitPoints sample, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var point = new double[sample.Dimensions];
                    sample.At(i, point);
                    return point;
                }),
        ];
}
