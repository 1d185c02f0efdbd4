using System.CommandLine;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Options;

/// <summary>Options: one meaning for each across commands, advice that names only options that are there, lengths that know the
/// context.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed partial class OptionTests
{
    // What an option does, in a word; the same name has the same word in every command.
    private static readonly (string Option, string[] Commands)[] Meanings =
    [
        ("--output", ["compile", "convert", "demo", "import", "report", "sweep"]),
        ("--output-tokens", ["advise", "compare", "cost", "replay", "report"]),
        ("--context", ["bench", "compile", "demo", "fit", "run"]),
        ("--position", ["export"]),
        ("--against", ["compare", "replay", "report"]),
        ("--baseline", ["forecast", "perplexity"]),
        ("--cards", ["cost"]),
        ("--gpu-cards", ["compare", "replay", "report"]),
        ("--chips", ["compare", "compile", "cost", "curve", "fit", "replay", "report", "run"]),
        ("--format", ["bench"]),
    ];

    [Test]
    public void An_option_has_one_meaning_in_every_command()
    {
        // serve takes llama-server's flags under their own names.
        var commands = CommandLine.Root().Subcommands.Where(c => c.Name != "serve");
        var options = commands.SelectMany(c => c.Options.Select(o => (Command: c.Name, Option: o))).ToList();
        Assert.Multiple(() =>
        {
            foreach (var (name, having) in Meanings)
                Assert.That(
                    options.Where(x => x.Option.Name == name || x.Option.Aliases.Contains(name)).Select(x => x.Command),
                    Is.EquivalentTo(having),
                    name
                );
            // The same name takes the same kind of value, and a number the same range, but for what is said here (-p is a text in
            // llama-cli and a list in llama-bench).
            foreach (
                var same in options
                    .GroupBy(x => x.Option.Name)
                    .Where(g =>
                        g.Key is not ("-p" or "--bits" or "--tokens" or "--seed" or "--users" or "-n" or "--threads" or "--weights")
                    )
            )
            {
                Assert.That(
                    same.Select(x => Nullable.GetUnderlyingType(x.Option.ValueType) ?? x.Option.ValueType).Distinct().Count(),
                    Is.EqualTo(1),
                    same.Key
                );
                Assert.That(same.Select(x => (x.Option as INumberOption)?.Range).Distinct().Count(), Is.EqualTo(1), same.Key);
            }
        });
    }

    [TestCase("compare", "--output", "7", "--output-tokens")]
    [TestCase("cost", "--output", "7", "--output-tokens")]
    [TestCase("bench", "--output", "csv", "--format")]
    [TestCase("export", "--context", "7", "--position")]
    [TestCase("perplexity", "--against", "reference", "--baseline")]
    public void A_former_name_is_taken_with_a_word(string command, string former, string value, string now)
    {
        var told = new List<string>();
        var parsed = CommandLine.Root().Parse(FormerOptions.Replace([command, "x", former, value], told.Add));
        var joined = CommandLine.Root().Parse(FormerOptions.Replace([command, "x", $"{former}={value}"], told.Add));
        Assert.Multiple(() =>
        {
            Assert.That(parsed.Errors.Concat(joined.Errors), Is.Empty);
            Assert.That(parsed.GetResult(now), Is.Not.Null);
            Assert.That(told, Is.All.StartsWith($"{former} is now {now}"));
            Assert.That(told, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void Every_option_that_a_message_names_is_there()
    {
        var known = CommandLine.Root().Subcommands.ToDictionary(c => c.Name, Names);
        var everywhere = known.Values.SelectMany(n => n).Append("--version").ToHashSet(StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            foreach (
                var file in Directory
                    .EnumerateFiles(Shared.InRepo("src"), "*.cs", SearchOption.AllDirectories)
                    .Where(f => !f.Contains("/obj/") && !f.Contains("/Training/"))
            )
            {
                var own = CommandOf(file);
                foreach (var option in Named(File.ReadAllText(file)))
                    Assert.That(
                        own is null ? everywhere : [.. known[own], .. Others.GetValueOrDefault(own, [])],
                        Does.Contain(option),
                        $"{Path.GetRelativePath(Shared.Root, file)} names {option}"
                    );
            }
        });
    }

    // Commands whose messages speak of another command's options, as "./taalas verify-rtl CHIP --port".
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["import"] = ["--gds"],
        ["export"] = ["--weights"],
        ["demo"] = ["--help"],
        ["compile"] = ["--trust"],
        ["key"] = ["--sign", "--trust"],
        ["device"] = ["--device"],
    };

    private static HashSet<string> Names(Command command) =>
        [
            .. command.Options.SelectMany(o => o.Aliases.Append(o.Name)),
            .. command.Subcommands.SelectMany(Names),
            "--help",
            "--color",
            "--json",
        ];

    private static string? CommandOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (
            !file.Contains("/Cli/Commands/")
            || !name.EndsWith("Command", StringComparison.Ordinal)
            || name is "CompletionCommand" or "ListCommand"
        )
            return null;
        return Upper().Replace(name[..^"Command".Length], m => (m.Index > 0 ? "-" : "") + m.Value.ToLowerInvariant());
    }

    // Options in string literals with a blank, which are for people; the arguments of other programs have none.
    private static IEnumerable<string> Named(string source) =>
        Literal()
            .Matches(source)
            .Select(m => m.Value)
            .Where(text => text.Contains(' ', StringComparison.Ordinal))
            .SelectMany(text => OptionName().Matches(text).Select(m => m.Value))
            .Distinct();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex("(?<![\\w-])--[a-z][a-z-]+[a-z]")]
    private static partial Regex OptionName();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();

    [TestCase("compare")]
    [TestCase("cost")]
    [TestCase("report", "-o", "{out}")]
    public void Standard_lengths_shrink_to_the_context_and_longer_ones_are_refused(string command, params string[] more)
    {
        string[] arguments = [command, Invocation.DemoChip, .. more.Select(a => a.Replace("{out}", TemporaryFolder.New()))];
        // The embedded model has a context of 256 tokens.
        var standard = Invocation.Run(arguments);
        var (code, output, error) = Invocation.Run([.. arguments, "--input", "200", "--output-tokens", "100"]);
        var one = Invocation.Run([.. arguments, "--input", "257"]);
        Assert.Multiple(() =>
        {
            Assert.That(standard.Code, Is.Zero, standard.Error);
            Assert.That(
                standard.Error,
                Does.Contain("128 prompt and 128 answer tokens per request instead of 1000 each: the context holds 256")
            );
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(
                error,
                Does.Contain("--input 200 and --output-tokens 100 exceeds the context of TaalasSim Stories 1.0M, 256 tokens")
            );
            Assert.That(one.Code, Is.EqualTo(2));
        });
    }

    [Test]
    public void Standard_tests_of_bench_and_perplexity_shrink_to_the_context()
    {
        var bench = Invocation.Run("bench", Invocation.DemoChip, "-r", "1", "--no-warmup", "--json");
        var perplexity = Invocation.Run("perplexity", Invocation.DemoChip, "-f", Shared.InRepo("chips/demo/story.txt"), "--chunks", "1");
        Assert.Multiple(() =>
        {
            Assert.That(bench.Code, Is.Zero, bench.Error);
            Assert.That(bench.Output, Does.Contain("\"n_prompt\": 256").And.Contain("256 prompt tokens instead of 512"));
            Assert.That(perplexity.Code, Is.Zero, perplexity.Error);
            Assert.That(perplexity.Error, Does.Contain("chunks of 256 tokens instead of 512"));
            Assert.That(Invocation.Run("bench", Invocation.DemoChip, "-p", "512").Code, Is.EqualTo(2));
        });
    }

    [TestCase("--fabric", "hc1")]
    [TestCase("--weights", "rom3")]
    [TestCase("--chips", "2")]
    public void An_image_leaves_no_choice_of_its_masks(string option, string value)
    {
        var (code, _, error) = Invocation.Run("cost", Invocation.DemoChip, option, value);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain($"{option}: ").And.Contain("is a chip image"));
        });
    }

    [Test]
    public void A_model_that_the_small_fabric_cannot_hold_gets_the_next_one_with_a_word()
    {
        var (code, output, error) = Invocation.Run("fit", "llama-3.1-8b");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.StartWith("fits"));
            Assert.That(error, Does.Contain("fabric hc1: llama-3.1-8b does not fit demo; choose another with --fabric"));
            Assert.That(Invocation.Run("fit", Shared.InRepo("chips/demo/stories.gguf")).Error, Is.Empty);
        });
    }

    [Test]
    public void Several_cards_of_a_gpu_hold_what_one_does_not()
    {
        string[] arguments = ["compare", "llama-3.1-70b", "--chips", "9", "--against", "a100-80"];
        var one = Invocation.Run(arguments).Output;
        var option = Invocation.Run([.. arguments, "--gpu-cards", "4"]).Output;
        var name = Invocation.Run("compare", "llama-3.1-70b", "--chips", "9", "--against", "a100-80:::4").Output;
        Assert.Multiple(() =>
        {
            Assert.That(one, Does.Contain("more memory than 1 card").And.Contain("--gpu-cards"));
            Assert.That(option, Does.Contain("bf16 weights, 4 cards"));
            Assert.That(name, Is.EqualTo(option));
            Assert.That(Invocation.Run([.. arguments[..^1], "a100-80:::0"]).Code, Is.EqualTo(2));
        });
    }
}
