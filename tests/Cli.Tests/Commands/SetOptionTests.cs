using System.Text.Json;
using NUnit.Framework;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>compare --set</c> replaces fields of fabric and price list.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class SetOptionTests
{
    [Test]
    public void A_replaced_clock_and_price_move_what_depends_on_them()
    {
        var (before, after) = (Compare(), Compare("--set", "fabric.clock_ghz=0.6402485", "--set", "prices.electricity_usd_per_kwh=0.8"));
        double Figure(JsonElement report, string key) =>
            report.GetProperty("systems")[0].GetProperty("one_user").GetProperty(key).GetProperty("value").GetDouble();
        Assert.Multiple(() =>
        {
            // Half of the clock of 1.280497 GHz; a token's cycles stay.
            Assert.That(
                Figure(after, "tokens_per_second_user"),
                Is.EqualTo(0.5 * Figure(before, "tokens_per_second_user")).Within(1e-9).Percent
            );
            Assert.That(after.GetProperty("speed").GetProperty("clock_ghz").GetDouble(), Is.EqualTo(0.6402485));
            Assert.That(Figure(after, "usd_per_million_tokens"), Is.GreaterThan(2 * Figure(before, "usd_per_million_tokens")));
            Assert.That(Figure(after, "watts"), Is.LessThan(Figure(before, "watts")));
        });
    }

    [TestCase("clock_ghz=1", "--set 'clock_ghz=1': write fabric.FIELD=VALUE or prices.FIELD=VALUE")]
    [TestCase("fabric.clock_ghz", "--set 'fabric.clock_ghz': write fabric.FIELD=VALUE or prices.FIELD=VALUE")]
    [TestCase("fabric.=1", "write fabric.FIELD=VALUE")]
    [TestCase("fabric.clock=1", "clock")]
    [TestCase("fabric.clock_ghz=fast", "clock_ghz")]
    [TestCase("prices.electricity=1", "electricity")]
    public void Other_assignments_are_refused_in_a_line(string assignment, string message)
    {
        var (code, output, error) = Invocation.Run("compare", "llama-3.1-8b", "--set", assignment);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
            Assert.That(error, Does.Contain(message));
        });
    }

    [Test]
    public void A_field_is_replaced_once_and_never_that_of_an_image()
    {
        var twice = Invocation.Run("compare", "llama-3.1-8b", "--set", "prices.pue=1.1", "--set", "prices.pue=1.2");
        var image = Invocation.Run("compare", Invocation.DemoChip, "--set", "fabric.clock_ghz=1");
        Assert.Multiple(() =>
        {
            Assert.That(twice.Error, Does.Contain("--set prices.pue: is given twice"));
            Assert.That((twice.Code, image.Code), Is.EqualTo((2, 2)));
            Assert.That(image.Error, Does.Contain("is a chip, whose fabric does not change; name its model"));
        });
    }

    private static JsonElement Compare(params string[] more)
    {
        var (code, output, error) = Invocation.Run(["compare", "llama-3.1-8b", "--json", .. more]);
        Assert.That(code, Is.Zero, error);
        return JsonElement.Parse(output);
    }
}
