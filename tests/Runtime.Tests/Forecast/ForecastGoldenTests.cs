using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Forecasts against an independent implementation in binary64: within 1e-4 of the expected values' standard deviation.</summary>
[TestFixture, Category("Kernels")]
public sealed class ForecastGoldenTests
{
    private const double Tolerance = 1e-4;

    private static readonly string[] Names =
    [
        "plain",
        "flip",
        "short_partial_patch",
        "longer_than_context",
        "nan",
        "constant",
        "autoregressive",
        "quantile_head",
    ];

    [TestCaseSource(nameof(Names))]
    public void A_forecast_agrees(string name)
    {
        var golden = JsonFile.Read(Shared.Path("timesfm/tiny.json"));
        var expected = golden.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var request = JsonSerializer.SerializeToElement(
            new Dictionary<string, JsonElement>
            {
                ["series"] = expected.GetProperty("series"),
                ["horizon"] = expected.GetProperty("horizon"),
                ["config"] = expected.GetProperty("config"),
            }
        );
        using var tiny = new TinyForecaster(Shared.Path("timesfm/tiny"));
        double[] given = [.. tiny.Forecaster.Run(ForecastRequest.Parse(request, name)).Single().Quantiles.SelectMany(row => row)];
        double[] wanted =
        [
            .. expected.GetProperty("quantiles").EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => v.GetDouble()),
        ];
        var mean = wanted.Average();
        var deviation = Math.Sqrt(wanted.Average(x => (x - mean) * (x - mean)));
        // A constant forecast has no deviation; its largest value is the measure.
        var measure = deviation > 1e-6 * wanted.Max(Math.Abs) ? deviation : Math.Max(1, wanted.Max(Math.Abs));
        Assert.That(given, Has.Length.EqualTo(wanted.Length));
        Assert.That(given.Zip(wanted, (x, y) => Math.Abs(x - y)).Max() / measure, Is.LessThanOrEqualTo(Tolerance));
    }
}
