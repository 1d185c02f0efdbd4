using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Forecast;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Statistics patch by patch equal those over all points at once.</summary>
[TestFixture, Category("Kernels")]
public sealed class RunningStatisticsTests
{
    [Test]
    public void Running_statistics_equal_those_of_all_unmasked_points() =>
        Gen.Select(Gen.Double[-100, 100], Gen.Bool)
            .Array[8]
            .Array[1, 6]
            .Sample(patches =>
            {
                var running = default(RunningStatistics);
                foreach (var patch in patches)
                    running = running.With([.. patch.Select(p => p.Item1)], [.. patch.Select(p => p.Item2)]);
                double[] seen = [.. patches.SelectMany(p => p).Where(p => !p.Item2).Select(p => p.Item1)];
                var mean = seen.Length == 0 ? 0 : seen.Average();
                var deviation = seen.Length == 0 ? 0 : Math.Sqrt(seen.Average(x => (x - mean) * (x - mean)));
                return running.Count == seen.Length
                    && Math.Abs(running.Mean - mean) < 1e-10
                    && Math.Abs(running.Deviation - deviation) < 1e-6;
            });

    [TestCase(0, 1)]
    [TestCase(1e-7, 1)]
    [TestCase(2e-6, 2e-6)]
    public void Tiny_deviations_only_centre(double deviation, double divisor) =>
        Assert.That(new RunningStatistics(8, 0, deviation).Divisor, Is.EqualTo(divisor));
}
