using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Laws that every forecast obeys, on a seeded model.</summary>
[TestFixture, Category("Kernels")]
public sealed class ForecasterTests
{
    private static readonly ForecastConfig Plain = new()
    {
        MaxContext = 64,
        MaxHorizon = 16,
        ForceFlipInvariance = false,
        InferIsPositive = false,
    };

    private TinyForecaster _tiny = null!;

    [OneTimeSetUp]
    public void Open() => _tiny = new TinyForecaster(TinyTimesFm.Folder);

    [OneTimeTearDown]
    public void Close() => _tiny.Dispose();

    private static double[] Wave(int points, int seed = 1) =>
        [.. Enumerable.Range(0, points).Select(i => 5 + (3 * Math.Sin(i * 0.7 * seed)) + (0.1 * i) + Math.Cos(i * i * 0.3))];

    [Test]
    public void A_scaled_and_shifted_series_has_a_scaled_and_shifted_forecast()
    {
        var series = Wave(50);
        var forecast = _tiny.Run(series, 16, Plain);
        var changed = _tiny.Run([.. series.Select(x => (7.5 * x) - 300)], 16, Plain);
        Near(changed, [.. forecast.Select(row => row.Select(x => (7.5 * x) - 300).ToArray())]);
    }

    [Test]
    public void A_negated_series_has_the_mirrored_forecast_with_flip_invariance_only()
    {
        var series = Wave(64);
        double[] negated = [.. series.Select(x => -x)];
        double[] Mirrored(double[] row) => [-row[0], .. row[1..].Reverse().Select(x => -x)];
        var flip = Plain with { ForceFlipInvariance = true };
        Near(_tiny.Run(negated, 16, flip), [.. _tiny.Run(series, 16, flip).Select(Mirrored)]);
        Assert.That(Difference(_tiny.Run(negated, 16, Plain), [.. _tiny.Run(series, 16, Plain).Select(Mirrored)]), Is.GreaterThan(0.01));
    }

    [Test]
    public void Later_patches_do_not_change_the_view_of_earlier_ones()
    {
        var series = Wave(64);
        var config = Plain with { MaxContext = 0, ReturnBackcast = true };
        var shorter = _tiny.Run(series[..40], 16, config)[..32];
        Near(shorter, _tiny.Run(series, 16, config)[..32]);
    }

    [Test]
    public void Whole_patches_of_padding_change_nothing()
    {
        var series = Wave(37);
        Near(_tiny.Run(series, 16, Plain with { MaxContext = 128 }), _tiny.Run(series, 16, Plain with { MaxContext = 40 }));
    }

    [Test]
    public void Backcast_of_padding_is_that_of_a_series_of_zeros()
    {
        var rows = _tiny.Run(Wave(37), 16, Plain with { MaxContext = 64, ReturnBackcast = true });
        Assert.Multiple(() =>
        {
            // Eight patches, three of them padding; the last one's outputs are the forecast.
            Assert.That(rows, Has.Length.EqualTo((7 * 8) + 16));
            Assert.That(rows[..24].SelectMany(row => row), Is.All.Zero);
            Assert.That(rows[24..].SelectMany(row => row), Is.All.Not.Zero);
        });
    }

    [Test]
    public void Decoding_with_a_cache_equals_reading_the_longer_series()
    {
        var series = Wave(64);
        var config = Plain with { MaxContext = 0, MaxHorizon = 48 };
        var cached = _tiny.Run(series, 48, config);
        Near(_tiny.Run([.. series, .. Medians(cached[..16])], 16, config), cached[16..32]);
        Near(_tiny.Run([.. series, .. Medians(cached[..32])], 16, config), cached[32..]);
    }

    [Test]
    public void A_constant_series_has_a_constant_forecast() =>
        Assert.That(
            _tiny.Run([.. Enumerable.Repeat(42.5, 40)], 40, Plain with { MaxHorizon = 40, NormalizeInputs = false }).SelectMany(r => r),
            Is.All.EqualTo(42.5).Within(1e-9)
        );

    [Test]
    public void Fixed_quantiles_rise_and_keep_the_median()
    {
        var config = Plain with { UseContinuousQuantileHead = true, MaxHorizon = 32 };
        var raw = _tiny.Run(Wave(64), 32, config);
        var rows = _tiny.Run(Wave(64), 32, config with { FixQuantileCrossing = true });
        Assert.Multiple(() =>
        {
            Assert.That(raw.Any(row => !row[1..].Order().SequenceEqual(row[1..])), "some cross before");
            Assert.That(rows.All(row => row[1..].Order().SequenceEqual(row[1..])), "none crosses behind");
            Assert.That(Medians(rows), Is.EqualTo(Medians(raw)));
        });
    }

    [Test]
    public void Positive_series_have_no_negative_forecast_when_that_is_asked_for()
    {
        double[] small = [.. Wave(64).Select(x => Math.Max(0, x - 8))];
        Assert.Multiple(() =>
        {
            Assert.That(_tiny.Run(small, 16, Plain).SelectMany(r => r), Has.Some.Negative);
            Assert.That(_tiny.Run(small, 16, Plain with { InferIsPositive = true }).SelectMany(r => r), Has.None.Negative);
            Assert.That(_tiny.Run([-1e-9, .. small[1..]], 16, Plain with { InferIsPositive = true }).SelectMany(r => r), Has.Some.Negative);
        });
    }

    [Test]
    public void Normalised_inputs_count_the_padding()
    {
        // With the padding's zeros in mean and deviation the input is another one; a series without padding is only scaled.
        var config = Plain with { NormalizeInputs = true };
        Near(_tiny.Run(Wave(64), 16, config), _tiny.Run(Wave(64), 16, Plain));
        Near(_tiny.Run(Wave(40), 16, config with { MaxContext = 40 }), _tiny.Run(Wave(40), 16, config));
    }

    [Test]
    public void A_masked_patch_at_the_front_is_padding()
    {
        var series = Wave(64);
        double[] other = [.. Wave(16, 3), .. series[16..]];
        bool[] mask = [.. Enumerable.Range(0, 64).Select(i => i < 16)];
        var config = Plain with { MaxContext = 0 };
        Near(
            _tiny.Forecaster.Run(new TimeSeries(other, mask), 16, config).Quantiles,
            _tiny.Run(series[16..], 16, config with { MaxContext = 64 })
        );
    }

    [Test]
    public void Threads_change_no_bit()
    {
        using var threaded = new TinyForecaster(TinyTimesFm.Folder, threads: 3);
        Assert.That(
            threaded.Run(Wave(384), 16, Plain with { MaxContext = 0 }),
            Is.EqualTo(_tiny.Run(Wave(384), 16, Plain with { MaxContext = 0 }))
        );
    }

    [TestCase(64, 17, 16, false, "longer than max_horizon")]
    [TestCase(500, 16, 16, false, "the model holds 512")]
    [TestCase(64, 40, 40, true, "quantile head")]
    [TestCase(0, 16, 16, false, "multiple of the patch")]
    public void Lengths_out_of_range_are_refused(int context, int horizon, int most, bool head, string what)
    {
        var config = Plain with { MaxContext = context, MaxHorizon = most, UseContinuousQuantileHead = head };
        Assert.That(Assert.Throws<InputException>(() => _tiny.Run(Wave(61), horizon, config))!.Message, Does.Contain(what));
    }

    private static double[] Medians(double[][] rows) => [.. rows.Select(row => row[5])];

    private static double Difference(double[][] given, double[][] expected)
    {
        double[] all = [.. expected.SelectMany(row => row)];
        var mean = all.Average();
        var deviation = Math.Sqrt(all.Average(x => (x - mean) * (x - mean)));
        return given.SelectMany(row => row).Zip(all, (x, y) => Math.Abs(x - y)).Max() / deviation;
    }

    private static void Near(double[][] given, double[][] expected)
    {
        Assert.That(given, Has.Length.EqualTo(expected.Length));
        Assert.That(Difference(given, expected), Is.LessThan(1e-5));
    }
}
