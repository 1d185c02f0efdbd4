using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Requests and CSV files are read strictly; a fault is one line that says where it is.</summary>
[TestFixture, Category("Kernels")]
public sealed class ForecastInputTests
{
    [TestCase("", "not valid JSON")]
    [TestCase("[1,2]", "expected a JSON object")]
    [TestCase("""{"horizon":4}""", "'series' is missing")]
    [TestCase("""{"series":[1,NaN],"horizon":4}""", "not valid JSON")]
    [TestCase("""{"series":[1,"2"],"horizon":4}""", "value 2 of 'series'")]
    [TestCase("""{"series":[1,true],"horizon":4}""", "value 2 of 'series'")]
    [TestCase("""{"series":[1,1e999],"horizon":4}""", "value 2")]
    [TestCase("""{"series":[],"horizon":4}""", "empty")]
    [TestCase("""{"series":[[1],[]],"horizon":4}""", "series 2: the series is empty")]
    [TestCase("""{"series":[[1],2],"horizon":4}""", "mixed")]
    [TestCase("""{"series":[[1],[[2]]],"horizon":4}""", "value 1 of 'series'")]
    [TestCase("""{"series":7,"horizon":4}""", "expected a list")]
    [TestCase("""{"series":[1]}""", "'horizon'")]
    [TestCase("""{"series":[1],"horizon":0}""", "'horizon'")]
    [TestCase("""{"series":[1],"horizon":1.5}""", "'horizon'")]
    [TestCase("""{"series":[1],"horizon":"4"}""", "'horizon'")]
    [TestCase("""{"series":[1],"horizon":4,"horizon":5}""", "twice")]
    [TestCase("""{"series":[1],"horizon":4,"more":5}""", "unknown key 'more'")]
    [TestCase("""{"series":[1],"horizon":4,"config":[]}""", "expected an object")]
    [TestCase("""{"series":[1],"horizon":4,"config":{"max_contex":8}}""", "did you mean 'max_context'?")]
    [TestCase("""{"series":[1],"horizon":4,"config":{"max_context":-8}}""", "expected a whole number from 0")]
    [TestCase("""{"series":[1],"horizon":4,"config":{"normalize_inputs":1}}""", "expected true or false")]
    [TestCase("""{"series":[1],"horizon":4,"mask":[true,false]}""", "the mask has 2 values")]
    [TestCase("""{"series":[1],"horizon":4,"mask":[0]}""", "value 1 of 'mask'")]
    public void A_malformed_request_is_refused_in_one_line(string json, string what)
    {
        var path = Path.Combine(TemporaryFolder.New(), "request.json");
        File.WriteAllText(path, json);
        var fault = Assert.Throws<InputException>(() => ForecastRequest.Read(path))!;
        Assert.That(fault.Message, Does.StartWith(path).And.Contain(what).And.Not.Contain("\n"));
    }

    [Test]
    public void A_request_is_read_with_the_published_defaults()
    {
        var request = ForecastRequest.Parse(
            JsonFile.Parse(Encoding.UTF8.GetBytes("""{"series":[[1,null],[3]],"horizon":4,"config":{"max_context":7}}"""), "test"),
            "test"
        );
        Assert.Multiple(() =>
        {
            Assert.That(request.IsBatch);
            Assert.That(request.Series.Select(s => s.Values), Is.EqualTo(new[] { new[] { 1, double.NaN }, [3] }));
            Assert.That(request.Config, Is.EqualTo(new ForecastConfig { MaxContext = 7 }));
            Assert.That(request.Config is { MaxHorizon: 0, ForceFlipInvariance: true, InferIsPositive: true, NormalizeInputs: false });
        });
    }

    [TestCase("[NaN 2 NaN NaN 5 NaN]", "[2 3 4 5 5]")]
    [TestCase("[NaN NaN]", "[0 0]")]
    [TestCase("[1 2]", "[1 2]")]
    public void Missing_values_are_filled(string given, string filled)
    {
        static double[] Values(string text) =>
            [.. text.Trim('[', ']').Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.That(new TimeSeries(Values(given)).Filled().Values, Is.EqualTo(Values(filled)));
    }

    [TestCase("day,sales\n1 May,3\n2 May,\n3 May,4.5\n", null, new[] { 3, double.NaN, 4.5 })]
    [TestCase("1\r\n-2e1\r\n3\r\n\r\n", null, new[] { 1.0, -20, 3 })]
    [TestCase("a,b\n1,\"2\"\n3,4", "b", new[] { 2.0, 4 })]
    [TestCase("1,2\n3,4", "1", new[] { 1.0, 3 })]
    public void A_column_is_read(string csv, string? column, double[] expected) =>
        Assert.That(SeriesCsv.Read(FileOf(csv), column).Series.Values, Is.EqualTo(expected));

    [TestCase("", null, "is empty")]
    [TestCase("\n\n", null, "is empty")]
    [TestCase("sales\n", null, "no values")]
    [TestCase("sales\n1\nNaN\n3", null, "line 3, column 'sales': 'NaN' is no number")]
    [TestCase("sales\n1\nabc", null, "'abc' is no number")]
    [TestCase("day,sales\nMay,1,5\nJune,2,5", null, "the first row has 2")]
    [TestCase("day,sales\nMay,1\nJune", null, "line 3: 1 cells")]
    [TestCase("sales\n1\n0,8", null, "line 3: 2 cells")]
    [TestCase("a,b\n1,2", null, "choose one with --column")]
    [TestCase("a,b\n1,2", "c", "no column 'c'")]
    [TestCase("a,b\n1,2", "3", "no column '3'")]
    [TestCase("a,a\n1,2", "a", "several columns are named 'a'")]
    [TestCase("day,sales\nMay,\nJune,", "sales", "holds no value")]
    [TestCase("sales\n\"1", null, "never closed")]
    [TestCase("sales\n1e39", null, "value 1 is outside")]
    public void A_malformed_table_is_refused_in_one_line(string csv, string? column, string what)
    {
        var path = FileOf(csv);
        var fault = Assert.Throws<InputException>(() => SeriesCsv.Read(path, column))!;
        Assert.That(fault.Message, Does.StartWith(path).And.Contain(what).And.Not.Contain("\n"));
    }

    private static string FileOf(string csv)
    {
        var path = Path.Combine(TemporaryFolder.New(), "series.csv");
        File.WriteAllText(path, csv);
        return path;
    }
}
