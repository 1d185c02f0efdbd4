using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Options;

/// <summary>Names that an option chooses from are found without regard to case, and mean the same.</summary>
[Category("Smoke")]
public sealed partial class ChoiceTests
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
    public void Every_option_that_lists_choices_takes_them_in_any_case()
    {
        var chosen = 0;
        Assert.Multiple(() =>
        {
            foreach (var command in Commands(CommandLine.Root()))
            foreach (var option in command.Options.Where(o => o.ValueType == typeof(string)))
            {
                var path = string.Join(' ', Words(command).Append(option.Name));
                var fault = Fault(command, option, "no-such-choice");
                Assert.That(fault, Does.Not.Contain("Must be one of"), path);
                if (Listed().Match(fault) is not { Success: true } list)
                    continue;
                foreach (var value in list.Groups["values"].Value.Split(", "))
                    Assert.That(Fault(command, option, value.ToUpperInvariant()), Does.Not.Contain("write one of"), $"{path} {value}");
                chosen++;
            }
        });
        Assert.That(chosen, Is.GreaterThan(8));
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    private static IEnumerable<string> Words(Symbol? command) =>
        command is null or RootCommand ? [] : Words(command.Parents.FirstOrDefault()).Append(command.Name);

    private static string Fault(Command command, Option option, string value) =>
        string.Join('\n', CommandLine.Root().Parse([.. Words(command), option.Name, value]).Errors.Select(e => e.Message));

    [GeneratedRegex("write one of (?<values>[^;\n]+?)(;|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listed();

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
