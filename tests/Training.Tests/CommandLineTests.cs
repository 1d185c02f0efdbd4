using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Training.Tests;

[TestFixture]
[Category("Smoke")]
public class CommandLineTests
{
    [Test]
    public void Options_reach_the_plan()
    {
        var line = CommandLine.Parse([
            "--out",
            "m.gguf",
            "--seed",
            "18446744073709551615",
            "--steps",
            "5",
            "--sequences",
            "2",
            "--rate",
            "0.01",
            "--text",
            "t",
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(
                line.Plan,
                Is.EqualTo(
                    new Training.Run.TrainingPlan
                    {
                        Seed = ulong.MaxValue,
                        Steps = 5,
                        Sequences = 2,
                        LearningRate = 0.01f,
                    }
                )
            );
            Assert.That((line.Out, line.Text, line.Checkpoint), Is.EqualTo(("m.gguf", "t", "m.gguf.checkpoint")));
            Assert.That(CommandLine.Parse(["--out", "m", "--checkpoint", "c"]).Checkpoint, Is.EqualTo("c"));
            Assert.That(CommandLine.Parse(["--help"]).Out, Is.Null);
        });
    }

    [TestCase("--out")]
    [TestCase("--steps", "5")]
    [TestCase("--out", "m", "--steps", "0")]
    [TestCase("--out", "m", "--steps", "1e9")]
    [TestCase("--out", "m", "--rate", "NaN")]
    [TestCase("--out", "m", "--seed", "-1")]
    [TestCase("--out", "m", "--fast", "yes")]
    public void Bad_usage_is_one_line(params string[] arguments) =>
        Assert.That(
            () => CommandLine.Parse(arguments),
            Throws.TypeOf<InputException>().With.Message.Not.Contains("\n").And.Message.StartsWith("--")
        );
}
