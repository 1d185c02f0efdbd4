using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>forecast</c> on a seeded model.</summary>
[Category("Smoke")]
[NonParallelizable]
public class ForecastCommandTests
{
    private static string Csv => Path.Combine(TinyTimesFm.Folder, "series.csv");

    [Test]
    public void A_table_and_a_request_of_the_same_series_agree()
    {
        var request = Path.Combine(TemporaryFolder.New(), "request.json");
        File.WriteAllText(
            request,
            $$$"""
            {"series":[{{{string.Join(',', Enumerable.Range(0, 40).Select(i => (i % 7) + 10))}}}],"horizon":12,
             "config":{"max_context":40,"max_horizon":12,"normalize_inputs":true,"use_continuous_quantile_head":true,
                       "fix_quantile_crossing":true}}
            """
        );
        var table = Json("forecast", TinyTimesFm.Folder, "--csv", Csv, "--horizon", "12", "--json");
        var given = Json("forecast", TinyTimesFm.Folder, "--request", request, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(table.GetProperty("quantiles").GetRawText(), Is.EqualTo(given.GetProperty("quantiles").GetRawText()));
            Assert.That(table.GetProperty("quantiles").GetArrayLength(), Is.EqualTo(12));
            Assert.That(table.GetProperty("context_points").GetInt32(), Is.EqualTo(40));
            Assert.That(
                table.GetProperty("point").EnumerateArray().Select(v => v.GetDouble()),
                Is.EqualTo(table.GetProperty("quantiles").EnumerateArray().Select(row => row[5].GetDouble()))
            );
        });
    }

    [Test]
    public void People_see_a_row_for_each_point()
    {
        var (code, output, error) = Invocation.Run("forecast", TinyTimesFm.Folder, "--csv", Csv, "--horizon", "3");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(output, Does.Contain("3 points after 40 points of context").And.Match(@"\n +3 +\d"));
        });
    }

    [Test]
    public void A_picture_is_drawn_and_never_over_the_table()
    {
        var folder = TemporaryFolder.New();
        var table = Path.Combine(folder, "sales.svg");
        File.Copy(Csv, table);
        var before = File.ReadAllText(table);
        var picture = Path.Combine(folder, "fan.svg");
        var (code, _, error) = Invocation.Run("forecast", TinyTimesFm.Folder, "--csv", table, "--horizon", "6", "--plot", picture);
        var (over, _, said) = Invocation.Run("forecast", TinyTimesFm.Folder, "--csv", table, "--horizon", "6", "--plot", table);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(File.ReadAllText(picture), Does.Contain("Forecast of 6 points").And.Contain("sales"));
            Assert.That(over, Is.EqualTo(2));
            Assert.That(said, Does.Contain("is an input as well (--csv)"));
            Assert.That(File.ReadAllText(table), Is.EqualTo(before));
        });
    }

    [Test]
    public void Held_out_points_are_scored_beside_forecasts_of_no_model()
    {
        var answer = Json("forecast", TinyTimesFm.Folder, "--csv", Csv, "--holdout", "10", "--season", "7", "--json");
        var scores = answer.GetProperty("scores").EnumerateArray().ToDictionary(s => s.GetProperty("forecast").GetString()!);
        var point = answer.GetProperty("point").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        // The series is 10 + i mod 7; its last ten points begin with i = 30, after a 1 mod 7.
        var actual = Enumerable.Range(30, 10).Select(i => 10.0 + (i % 7)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("context_points").GetInt32(), Is.EqualTo(30));
            Assert.That(
                scores["model"].GetProperty("mean_absolute_error").GetDouble(),
                Is.EqualTo(actual.Zip(point, (y, f) => Math.Abs(y - f)).Average()).Within(1e-9)
            );
            Assert.That(scores["seasonal naive"].GetProperty("mean_absolute_error").GetDouble(), Is.Zero);
            Assert.That(
                scores["naive"].GetProperty("mean_absolute_error").GetDouble(),
                Is.EqualTo(actual.Average(y => Math.Abs(y - (10 + (29 % 7))))).Within(1e-12)
            );
        });
        var (code, output, _) = Invocation.Run("forecast", TinyTimesFm.Folder, "--csv", Csv, "--holdout", "10");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Match(@"\n *held out +mean abs. error").And.Match(@"\n *naive +\d").And.Not.Contain("seasonal"));
    }

    [TestCase("--horizon", "4", "--plot", "fan.pdf")]
    [TestCase("--horizon", "4", "--holdout", "4")]
    [TestCase("--horizon", "4", "--season", "7")]
    [TestCase("--holdout", "40")]
    [TestCase("--holdout", "4", "--season", "37")]
    [TestCase("--holdout", "-1")]
    [TestCase("--horizon", "0")]
    [TestCase("--horizon", "-1")]
    [TestCase("--horizon", "513")]
    [TestCase("--horizon", "4", "--column", "absent")]
    [TestCase("--horizon", "4", "--set", "max_context=-1")]
    [TestCase("--horizon", "4", "--set", "flip=true")]
    [TestCase("--horizon", "4", "--set", "normalize_inputs")]
    [TestCase("--horizon", "4", "--request", "x.json")]
    [TestCase("--horizon", "4", "--numerics", "hardware")]
    public void Bad_input_is_one_line_and_exits_2(params string[] more)
    {
        var (code, output, error) = Invocation.Run(["forecast", TinyTimesFm.Folder, "--csv", Csv, .. more]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
        });
    }

    [Test]
    public void A_chip_of_binary32_gives_the_forecast_of_its_folder_bit_for_bit()
    {
        var chip = Compiled("preserve");
        var wired = Json("forecast", chip, "--csv", Csv, "--horizon", "20", "--json");
        var folder = Json("forecast", TinyTimesFm.Folder, "--csv", Csv, "--horizon", "20", "--json");
        Assert.That(wired.GetProperty("quantiles").GetRawText(), Is.EqualTo(folder.GetProperty("quantiles").GetRawText()));
        var run = Invocation.Run("run", chip, "-p", "x");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("holds a forecasting model"));
    }

    [Test]
    public void More_bits_and_finer_arithmetic_have_smaller_errors()
    {
        double Error(string chip, string numerics)
        {
            var answer = Json([
                "forecast",
                chip,
                "--csv",
                Csv,
                "--horizon",
                "20",
                "--baseline",
                TinyTimesFm.Folder,
                "--numerics",
                numerics,
                "--json",
            ]);
            return answer.GetProperty("error").GetProperty("root_mean_square").GetDouble();
        }

        var (fine, coarse) = (Compiled("rom8"), Compiled("rom4"));
        Assert.Multiple(() =>
        {
            Assert.That(Error(fine, "reference"), Is.GreaterThan(0).And.LessThan(0.02));
            Assert.That(Error(coarse, "reference"), Is.GreaterThan(2 * Error(fine, "reference")).And.LessThan(0.5));
            Assert.That(Error(fine, "hardware"), Is.GreaterThan(Error(fine, "reference")).And.LessThan(0.1));
        });
    }

    [TestCase("--weights", "q8_0")]
    [TestCase("--weights", "auto")]
    [TestCase("--until", "place-banks")]
    public void What_no_image_of_it_carries_is_refused(params string[] more)
    {
        var target = Path.Combine(TemporaryFolder.New(), "tiny.chip");
        var (code, _, error) = Invocation.Run(["compile", TinyTimesFm.Folder, "-o", target, .. more]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
            Assert.That(Directory.Exists(target), Is.False);
        });
    }

    [Test]
    public void A_chip_says_what_a_forecast_takes_and_a_folder_has_no_chip()
    {
        var chip = Compiled("rom8");
        string[] request = ["--csv", Csv, "--horizon", "20"];
        var (code, text, error) = Invocation.Run(["forecast", chip, .. request]);
        var folder = Json(["forecast", TinyTimesFm.Folder, .. request, "--json"]);
        var both = Json(["forecast", chip, .. request, "--json"]).GetProperty("simulated");
        var one = Json(["forecast", chip, .. request, "--set", "force_flip_invariance=false", "--json"]).GetProperty("simulated");
        double Of(JsonElement simulated, string key) => simulated.GetProperty(key).GetDouble();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(text, Does.Contain("5 patches of context and 1 step, with the negated series"));
            Assert.That(folder.GetProperty("simulated").ValueKind, Is.EqualTo(JsonValueKind.Null));
            // 40 points in patches of 8; 20 points are two output patches of 16.
            Assert.That(Of(both, "context_patches"), Is.EqualTo(5));
            Assert.That(Of(both, "steps"), Is.EqualTo(1));
            // The fabric's clock is 1 GHz and the factor of its process 1.
            Assert.That(Of(both, "forecast_us"), Is.EqualTo(1e-3 * Of(both, "cycles")).Within(1e-9).Percent);
            Assert.That(
                Of(both, "joules_per_forecast"),
                Is.EqualTo(1e-6 * Of(both, "watts") * Of(both, "forecast_us")).Within(1e-9).Percent
            );
            Assert.That(Of(one, "series"), Is.EqualTo(1));
            Assert.That(Of(one, "cycles"), Is.LessThan(Of(both, "cycles")));
        });
    }

    [Test]
    public void A_comparison_counts_whole_forecasts()
    {
        var chip = Compiled("rom8");
        var (code, text, error) = Invocation.Run("compare", chip, "--against", "h200", "--input", "5", "--output-tokens", "4");
        var forecasts = Json("compare", chip, "--against", "h200", "--input", "5", "--output-tokens", "4", "--json")
            .GetProperty("forecasts");
        var own = Json("forecast", chip, "--csv", Csv, "--horizon", "20", "--json").GetProperty("simulated");
        var row = forecasts.GetProperty("rows")[0];
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(text, Does.Contain("A token is a patch of 8 points. One request is a forecast of 32 points from 40"));
            Assert.That(forecasts.GetProperty("rows").GetArrayLength(), Is.EqualTo(4));
            Assert.That(
                row.GetProperty("forecast_us").GetProperty("value").GetDouble(),
                Is.EqualTo(own.GetProperty("forecast_us").GetDouble()).Within(1e-9).Percent
            );
            Assert.That(
                row.GetProperty("joules_per_forecast").GetProperty("value").GetDouble(),
                Is.EqualTo(own.GetProperty("joules_per_forecast").GetDouble()).Within(1e-9).Percent
            );
        });
    }

    private static string Compiled(string weights)
    {
        var chip = Path.Combine(TemporaryFolder.New(), "tiny.chip");
        var (code, _, error) = Invocation.Run("compile", TinyTimesFm.Folder, "-o", chip, "--weights", weights);
        Assert.That(code, Is.Zero, error);
        return chip;
    }

    [Test]
    public void A_folder_that_is_no_such_model_is_refused() =>
        Assert.That(Invocation.Run("forecast", Shared.InRepo("chips"), "--csv", Csv, "--horizon", "4").Code, Is.EqualTo(2));

    private static JsonElement Json(params string[] arguments)
    {
        var (code, output, error) = Invocation.Run(arguments);
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
