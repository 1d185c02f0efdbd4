using System.Text.Json;
using NUnit.Framework;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Every field of the machine-readable reports can be derived, or says what it is.</summary>
[TestFixture]
[NonParallelizable]
[Category("Smoke")]
public sealed class ExplainTests
{
    // Ends of an interval and of a constant, and containers, are explained with what they belong to.
    private static readonly string[] Parts = ["value", "low", "high"];

    [TestCase("compare", "llama-3.1-8b")]
    [TestCase("cost", "llama-3.1-8b")]
    [TestCase("fit", "llama-3.1-8b", "--fabric", "hc1")]
    [TestCase("fit", "llama-3.1-70b", "--fabric", "hc1")]
    public void Every_field_is_explained(params string[] command)
    {
        var (_, output, error) = Invocation.Run([.. command, "--json"]);
        Assert.That(error, Is.Empty);
        using var json = JsonDocument.Parse(output);
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        Collect(json.RootElement, null, fields);
        Assert.That(fields, Has.Count.GreaterThan(8));
        Assert.Multiple(() =>
        {
            foreach (var field in fields)
            {
                var (code, explained, why) = Invocation.Run([.. command, "--explain", field]);
                Assert.That(code, Is.Zero, $"{field}: {why}");
                Assert.That(explained, Does.Contain(field), field);
            }
        });
    }

    [Test]
    public void A_resource_of_fit_is_explained_by_its_name() =>
        Assert.That(
            Invocation.Run("fit", "llama-3.1-8b", "--fabric", "hc1", "--explain", "bank sites").Output,
            Does.Contain("sites.columns × sites.rows × dies").And.Contain("used")
        );

    [Test]
    public void An_unknown_field_is_refused_with_the_known_ones()
    {
        var (code, output, error) = Invocation.Run("cost", "llama-3.1-8b", "--explain", "beauty");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain("beauty").And.Contain("die_mm2"));
        });
    }

    // Names of the properties that hold figures, texts or lists of them; cost reports also name figures by key.
    private static void Collect(JsonElement element, string? name, SortedSet<string> fields)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var interval = element.TryGetProperty("value", out _);
                if (name is not null && interval)
                    fields.Add(name);
                if (element.TryGetProperty("key", out var key))
                    fields.Add(key.GetString()!);
                foreach (
                    var property in element
                        .EnumerateObject()
                        .Where(p => !(interval && (Parts.Contains(p.Name) || p.Name is "unit" or "source" or "confidence" or "group")))
                )
                    Collect(property.Value, property.Name == "figure" ? null : property.Name, fields);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, name, fields);
                break;
            case JsonValueKind.Null:
                break;
            default:
                if (name is not null)
                    fields.Add(name);
                break;
        }
    }
}
