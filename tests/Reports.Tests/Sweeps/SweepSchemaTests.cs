using System.Text.Json.Nodes;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

[TestFixture]
[Category("Smoke")]
public sealed class SweepSchemaTests
{
    [Test]
    public void The_committed_schema_is_that_of_the_record()
    {
        var path = Shared.InRepo("chips/sweeps/sweep.schema.json");
        var schema = YamlSchema.Of<SweepSpec>("Sweep over design points of a TaalasSim chip", hasBase: false);
        if (Environment.GetEnvironmentVariable("TAALAS_WRITE_SCHEMAS") == "1")
            AtomicFile.WriteText(path, schema);
        Assert.That(File.ReadAllText(path), Is.EqualTo(schema), "write it again with TAALAS_WRITE_SCHEMAS=1 ./test");
        var axis = JsonNode.Parse(schema)!["properties"]!["vary"]!["items"]!["properties"]!;
        Assert.That((double)axis["range"]!["properties"]!["steps"]!["maximum"]!, Is.EqualTo(SweepRange.MaximumSteps));
        Assert.That(axis.AsObject().Select(p => p.Key), Is.EqualTo(new[] { "field", "values", "range", "compute", "zip", "when" }));
    }
}
