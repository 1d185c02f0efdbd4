using NUnit.Framework;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Tests.Terminal;

[TestFixture]
[Category("Smoke")]
public sealed class PaceTests
{
    // 1,000 parts of which 200 were done before.
    [TestCase(1, 0.3, "")]
    [TestCase(10, 0.2, "")]
    [TestCase(10, 0.4, ", 20.0 points/s, 30 s left")]
    [TestCase(100, 0.3, ", 1.00 points/s, 12 min left")]
    [TestCase(10_000, 0.3, ", 0.0100 points/s, 19.4 h left")]
    [TestCase(800, 1, ", 1.00 points/s, 0 s left")]
    public void Rate_and_time_left_count_from_the_beginning(double seconds, double done, string expected)
    {
        var clock = new Clock();
        var pace = new Pace(1000, "points", clock);
        pace.Text(0.2);
        clock.Seconds = seconds;
        Assert.That(pace.Text(done), Is.EqualTo(expected));
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
