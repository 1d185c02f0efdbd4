using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class ValidateCommandTests
{
    [Test]
    public void Json_has_groups_rows_and_what_is_not_modelled()
    {
        var (code, output, error) = Invocation.Run("validate", "silicon", "--json");
        using var document = JsonDocument.Parse(output);
        var (group, row, missing) = (
            document.RootElement.GetProperty("groups")[0],
            document.RootElement.GetProperty("rows")[0],
            document.RootElement.GetProperty("unmodelled")[0]
        );
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Done), error);
            foreach (var key in new[] { "suite", "name", "role", "count", "mean_abs_pct", "worst_pct", "bias_pct", "gate_pct", "pass" })
                Assert.That(group.TryGetProperty(key, out _), Is.True, key);
            foreach (var key in new[] { "id", "group", "measured", "predicted", "low", "high", "error_pct" })
                Assert.That(row.TryGetProperty(key, out _), Is.True, key);
            Assert.That(missing.GetProperty("reason").GetString(), Is.Not.Empty);
        });
    }

    [Test]
    public void A_missed_gate_ends_with_exit_code_1()
    {
        var file = Path.Combine(TemporaryFolder.New(), "mine.yaml");
        File.WriteAllText(
            file,
            "rows:\n  - { id: a, fabric: hc1, model: llama-3.1-8b, quantity: die_mm2, value: 400, unit: mm2, role: validation, source: "
                + "test }\n"
        );
        var (code, output, _) = Invocation.Run("validate", "--measurements", file);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.No));
            Assert.That(output, Does.Contain("MISSED").And.Contain("a gate is missed"));
        });
    }

    [Test]
    public void A_foreign_gpu_table_is_scored()
    {
        var file = Path.Combine(TemporaryFolder.New(), "mine.csv");
        var lines = File.ReadAllLines(Shared.InRepo("chips/gpus/measurements/prediction.csv"));
        File.WriteAllLines(
            file,
            [
                lines[0],
                lines[3],
                lines[3].Replace("h200_llama8b", "unknown", StringComparison.Ordinal).Replace("H200 SXM", "H999", StringComparison.Ordinal),
            ]
        );
        var (code, output, _) = Invocation.Run("validate", "gpu", "--measurements", file, "--json");
        using var document = JsonDocument.Parse(output);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Done));
            Assert.That(document.RootElement.GetProperty("rows").GetArrayLength(), Is.EqualTo(1));
            Assert.That(document.RootElement.GetProperty("unmodelled")[0].GetProperty("reason").GetString(), Does.Contain("H999"));
        });
    }

    [TestCase("validate", "gpu", "--measurements", "x.yaml", "belongs to the suite silicon")]
    [TestCase("validate", "gpu", "--measurements", "x.txt", "use a .csv")]
    [TestCase("validate", "gpu", "--goldens", "x", "belongs to the suite fidelity")]
    public void Bad_input_is_one_line(string a, string b, string c, string d, string message)
    {
        var (code, _, error) = Invocation.Run(a, b, c, d);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(error, Does.Contain(message));
        });
    }
}
