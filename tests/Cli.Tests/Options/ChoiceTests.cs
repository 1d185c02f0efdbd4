using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Options;

/// <summary>Names that an option chooses from are found without regard to case, and mean the same.</summary>
[Category("Smoke")]
public sealed class ChoiceTests
{
    [TestCase("--numerics", "hardware")]
    [TestCase("--timing", "event")]
    [TestCase("--latency", "worst")]
    [TestCase("--backend", "simd")]
    [TestCase("--simd", "portable")]
    [TestCase("--color", "never")]
    public void A_choice_means_the_same_in_any_case(string option, string value)
    {
        // What the host took differs from run to run.
        string Run(string given)
        {
            var run = Invocation.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "3", "--greedy", "--json", option, given);
            Assert.That(run.Code, Is.Zero, run.Error);
            var answer = JsonDocument.Parse(run.Output).RootElement;
            return answer.GetProperty("tokens").GetRawText() + answer.GetProperty("simulated").GetRawText();
        }

        var plain = Run(value);
        Assert.That(Run(value.ToUpperInvariant()), Is.EqualTo(plain));
        Assert.That(Run(char.ToUpperInvariant(value[0]) + value[1..]), Is.EqualTo(plain));
    }

    [Test]
    public void Weights_and_engine_of_a_GPU_mean_the_same_in_any_case()
    {
        string Figures(string gpu)
        {
            var run = Invocation.Run("compare", "llama-3.1-8b", "--against", gpu, "--json");
            Assert.That(run.Code, Is.Zero, run.Error);
            return run.Output;
        }

        Assert.That(Figures("H200:VLLM:FP8:2"), Is.EqualTo(Figures("h200:vllm:fp8:2")));
    }
}
