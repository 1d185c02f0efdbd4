using System.CommandLine;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Options;

/// <summary>No command writes over what it reads, or writes two things into one file.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class OutputGuardTests
{
    // Each names something to read, though its description has the word.
    private static readonly string[] Read = ["device", "serve"];

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    [Test]
    public void Every_option_that_names_a_file_to_write_is_an_output()
    {
        var options = Commands(CommandLine.Root())
            .Where(command => !Read.Contains(command.Name))
            .SelectMany(command => command.Options.Select(option => (command, option)))
            .Where(x => x.option.HelpName is "FILE" or "DIR" or "FOLDER" or "CHIP")
            .Where(x =>
                x.option.Description is { } text && (text.StartsWith("Write ", StringComparison.Ordinal) || text.Contains(" to write"))
            )
            .ToList();
        Assert.That(options, Has.Count.GreaterThan(8));
        Assert.Multiple(() =>
        {
            foreach (var (command, option) in options)
                Assert.That(option, Is.InstanceOf<IOutputSymbol>(), $"{command.Name} {option.Name}");
        });
    }

    [Test]
    public void Two_outputs_do_not_share_a_file()
    {
        var file = Path.Combine(TemporaryFolder.New(), "both.svg");
        var (code, _, error) = Invocation.Run("curve", "x.gguf", "-f", "text.txt", "--csv", file, "--picture", file);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain("writes the same file"));
            Assert.That(File.Exists(file), Is.False);
        });
    }

    [Test]
    public void A_base_of_divergences_does_not_replace_the_text_it_is_made_from()
    {
        var text = Path.Combine(TemporaryFolder.New(), "text.txt");
        File.WriteAllText(text, "Once upon a time");
        var (code, _, error) = Invocation.Run("perplexity", Invocation.DemoChip, "-f", text, "--kl-divergence-base", text);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain("is an input as well (-f)"));
            Assert.That(File.ReadAllText(text), Is.EqualTo("Once upon a time"));
        });
    }
}
