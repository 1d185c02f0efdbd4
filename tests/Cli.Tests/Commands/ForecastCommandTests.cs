using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>forecast</c> on a seeded model.</summary>
[Category("Smoke")]
[NonParallelizable]
public class ForecastCommandTests
{
    private static string Csv
    {
        get
        {
            var path = Path.Combine(TemporaryFolder.New(), "series.csv");
            File.WriteAllLines(path, ["day,sales", .. Enumerable.Range(0, 40).Select(i => $"d{i},{(i % 7) + 10}")]);
            return path;
        }
    }

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
