using CsCheck;
using NUnit.Framework;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Tests.Sampling;

[TestFixture]
[Category("Smoke")]
public sealed class ParetoFrontTests
{
    // By the definition: every pair of points compared.
    [Test]
    public void The_front_is_that_of_all_pairs() =>
        Gen.Int[0, 6]
            .Array[3]
            .Array[0, 40]
            .Sample(raw =>
            {
                double[]?[] points = [.. raw.Select((p, i) => i % 11 == 10 ? null : p.Select(v => (double)v).ToArray())];
                var on = ParetoFront.Of(points);
                for (var i = 0; i < points.Length; i++)
                {
                    var beaten = points[i] is null || points.Any(q => q is not null && Beats(q, points[i]!));
                    if (on[i] == beaten)
                        return false;
                }

                return true;
            });

    [Test]
    public void Equal_points_stand_together_and_what_is_no_number_takes_no_part() =>
        Assert.That(
            ParetoFront.Of([
                [1, 2],
                [1, 2],
                [2, 1],
                [double.NaN, 0],
                null,
                [2, 2],
            ]),
            Is.EqualTo(new[] { true, true, true, false, false, false })
        );

    private static bool Beats(double[] one, double[] other) =>
        one.Zip(other).All(p => p.First <= p.Second) && one.Zip(other).Any(p => p.First < p.Second);
}
