using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Forecast;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Scores of forecasts follow their formulas; the forecasts without a model are what they say.</summary>
[TestFixture, Category("Kernels")]
public sealed class BacktestTests
{
    private const double Missing = double.NaN;

    [TestCase(1, new[] { 5.0, 5, 5, 5, 5 })]
    [TestCase(2, new[] { 4.0, 5, 4, 5, 4 })]
    [TestCase(3, new[] { 3.0, 4, 5, 3, 4 })]
    [TestCase(5, new[] { 1.0, 2, 3, 4, 5 })]
    public void A_naive_forecast_repeats_the_last_season(int season, double[] expected) =>
        Assert.That(NaiveForecast.Of([1, 2, 3, 4, 5], 5, season), Is.EqualTo(expected));

    [Test]
    public void A_missing_value_is_taken_from_a_season_before_or_from_the_end()
    {
        Assert.Multiple(() =>
        {
            Assert.That(NaiveForecast.Of([1, 2, 3, Missing, 5, Missing], 3, 1), Is.EqualTo((double[])[5, 5, 5]));
            Assert.That(NaiveForecast.Of([1, 2, 3, Missing, 5, Missing], 3, 3), Is.EqualTo((double[])[1, 5, 3]));
            Assert.That(NaiveForecast.Of([Missing, 2, Missing, 4], 2, 2), Is.EqualTo((double[])[4, 4]));
        });
    }

    [Test]
    public void A_seasonal_series_is_forecast_exactly() =>
        Gen.Select(Gen.Double[-1e3, 1e3].Array[1, 9], Gen.Int[1, 30], Gen.Int[1, 3])
            .Sample(
                (season, horizon, times) =>
                {
                    double[] series = [.. Enumerable.Range(0, times * season.Length).Select(i => season[i % season.Length])];
                    var next = Enumerable.Range(0, horizon).Select(h => season[h % season.Length]);
                    return NaiveForecast.Of(series, horizon, season.Length).SequenceEqual(next);
                }
            );

    [Test]
    public void Errors_follow_their_formulas()
    {
        // Errors 1, −2, 3; the known part moves by 2 and 4 from point to point.
        var score = ForecastScore.OfValues([11, 8, Missing, 13], [10, 10, 0, 10], [1, 3, 7], season: 1);
        Assert.Multiple(() =>
        {
            Assert.That(score.MeanAbsoluteError, Is.EqualTo(2));
            Assert.That(score.RootMeanSquareError, Is.EqualTo(Math.Sqrt(14.0 / 3)).Within(1e-15));
            Assert.That(score.MeanAbsoluteScaledError, Is.EqualTo(2.0 / 3).Within(1e-15));
            Assert.That(score.QuantileLoss, Is.EqualTo(2));
            Assert.That(score.InsideShare, Is.Null);
            Assert.That(ForecastScore.OfValues([1], [2], [5, 5, 5], 1).MeanAbsoluteScaledError, Is.Null, "a constant series");
            Assert.That(ForecastScore.OfValues([1], [2], [5, 6], 2).MeanAbsoluteScaledError, Is.Null, "no pair");
        });
    }

    [Test]
    public void Quantiles_at_one_value_lose_what_the_value_loses() =>
        Gen.Select(Gen.Double[-100, 100].Array[3], Gen.Double[-100, 100].Array[3])
            .Sample(
                (actual, values) =>
                {
                    var flat = Forecast(values, _ => 0);
                    var score = ForecastScore.OfQuantiles(actual, flat, [0, 1], 1);
                    return Math.Abs(score.QuantileLoss - score.MeanAbsoluteError) < 1e-9;
                }
            );

    [Test]
    public void The_quantile_loss_is_least_where_the_quantiles_are_right()
    {
        // Points spread evenly over 0 to 1: the right quantiles are 0.1 to 0.9.
        double[] actual = [.. Enumerable.Range(0, 1000).Select(i => (i + 0.5) / 1000)];
        var centre = Enumerable.Repeat(0.5, 1000).ToArray();
        ForecastScore Spread(double factor) =>
            ForecastScore.OfQuantiles(actual, Forecast(centre, q => factor * ((q / 10.0) - 0.5)), [0, 1], 1);
        var right = Spread(1);
        Assert.Multiple(() =>
        {
            Assert.That(right.InsideShare, Is.EqualTo(0.8).Within(0.002));
            Assert.That(right.QuantileLoss, Is.LessThan(Spread(0.8).QuantileLoss).And.LessThan(Spread(1.2).QuantileLoss));
            Assert.That(Spread(0).QuantileLoss, Is.EqualTo(right.MeanAbsoluteError).Within(1e-12));
            Assert.That(Spread(0.5).InsideShare, Is.EqualTo(0.4).Within(0.002));
        });
    }

    [TestCase(4, 1, "cannot be held out")]
    [TestCase(1, 1, "are missing values, so nothing")]
    [TestCase(3, 1, "before the last 3 are missing")]
    [TestCase(2, 3, "longer than the 2 points")]
    public void What_cannot_be_scored_is_refused(int points, int season, string words)
    {
        var (backtest, fault) = Backtest.Of(new TimeSeries([Missing, 2, 3, Missing]), points, season);
        Assert.That(backtest, Is.Null);
        Assert.That(fault, Does.Contain(words));
    }

    [Test]
    public void The_masks_of_the_known_part_stay()
    {
        var (backtest, _) = Backtest.Of(new TimeSeries([1, 2, 3, 4], [true, false, true, false]), 1, 2);
        Assert.Multiple(() =>
        {
            Assert.That(backtest!.Known.Values, Is.EqualTo((double[])[1, 2, 3]));
            Assert.That(backtest.Known.Masked, Is.EqualTo((bool[])[true, false, true]));
            Assert.That(backtest.HeldOut, Is.EqualTo((double[])[4]));
            Assert.That(
                backtest.Scores(Forecast([4], _ => 0)).Select(s => s.Forecast),
                Is.EqualTo((string[])["model", "naive", "seasonal naive"])
            );
        });
    }

    private static SeriesForecast Forecast(double[] medians, Func<int, double> offset) =>
        new([.. medians.Select(m => (double[])[m, .. Enumerable.Range(1, 9).Select(q => m + offset(q))])], 0, 1);
}
