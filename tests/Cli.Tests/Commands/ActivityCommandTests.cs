using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>What data move, at the command line.</summary>
[Category("Smoke")]
public class ActivityCommandTests
{
    [Test]
    public void Run_counts_what_the_text_moves_and_the_power_that_follows()
    {
        var result = Taalas.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "4", "--greedy", "--activity", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var activity = result.Json().GetProperty("activity");
        var matrices = activity.GetProperty("matrices").EnumerateArray().ToArray();
        var text = Taalas.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "4", "--greedy", "--activity").Error;
        Assert.Multiple(() =>
        {
            Assert.That(matrices.Select(m => m.GetProperty("role").GetString()), Does.Contain("attention output").And.Contain("down"));
            Assert.That(activity.GetProperty("column_toggles").GetDouble(), Is.InRange(0.1, 0.5), "real data move less than random ones");
            Assert.That(
                activity.GetProperty("watts").GetDouble(),
                Is.LessThan(activity.GetProperty("watts_of_random_data").GetDouble()).And.Positive
            );
            Assert.That(text, Does.Contain("column toggles").And.Contain("random data").And.Contain("energy per token"));
        });
    }

    [Test]
    public void Activity_belongs_to_one_prompt()
    {
        var result = Taalas.Run("run", Taalas.StoriesChip, "--interactive", "--activity");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Error, Does.Contain("--activity: belongs to a single prompt"));
        });
    }

    [TestCase("fabric", "outputs_per_adder: 1")]
    [TestCase("technology", "rom_read_pj_per_bit:")]
    public void Init_prints_a_description_that_is_read_back(string kind, string line)
    {
        var result = Taalas.Run("init", kind);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Out, Does.StartWith("# Name").And.Contain(line));
        });
        if (kind != "fabric")
            return;
        using var folder = new TemporaryFolder();
        var fit = Taalas.Run("fit", "llama-3.1-8b", "--fabric", folder.Write("mine.yaml", result.Out));
        Assert.That(fit.ExitCode, Is.Zero, fit.Error);
    }

    [Test]
    public void Init_of_something_else_is_refused_in_one_line()
    {
        var result = Taalas.Run("init", "fabrik");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Error.TrimEnd(), Does.Contain("no example of 'fabrik'; did you mean 'fabric'").And.Not.Contain("\n"));
        });
    }
}
