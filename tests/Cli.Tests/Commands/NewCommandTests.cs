using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Commands;
using TaalasSim.Cli.Options;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>The recipe for a command: a class and its line in the list are all that the program needs.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class NewCommandTests
{
    private static (int Code, string Output, string Error) Run(params string[] args) =>
        Invocation.Run(() => CommandLine.RunAsync(args, [.. CommandList.All(), WeighCommand.Create()]));

    private static string FileOf(int bytes)
    {
        var file = Path.Combine(TemporaryFolder.New(), "weights.bin");
        File.WriteAllBytes(file, new byte[bytes]);
        return file;
    }

    [Test]
    public void A_new_command_needs_only_its_class_and_its_line()
    {
        var file = FileOf(1234);
        Assert.Multiple(() =>
        {
            Assert.That(Run("weigh", file), Is.EqualTo((ExitCode.Done, "1234 bytes\n", "")));
            Assert.That(Invocation.Run("weigh", file).Error, Does.Contain("unknown command 'weigh'"), "without its line");
            var json = JsonDocument.Parse(Run("weigh", file, "--json").Output).RootElement;
            Assert.That(json.GetProperty("size_bytes").GetInt64(), Is.EqualTo(1234));
            Assert.That(json.GetProperty("schema_version").GetInt32(), Is.Positive);
        });
    }

    [Test]
    public void A_new_command_has_help_a_manual_and_a_hint_of_its_name()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Run("--help").Output, Does.Contain("  weigh "));
            Assert.That(Run("weigh", "--help").Output, Does.Contain("Example: ./taalas weigh").And.Contain("--weighed"));
            Assert.That(Run("completion", "man").Output, Does.Contain(".SS weigh\n").And.Contain("\\fB\\-\\-weighed\\fR"));
            Assert.That(Run("[suggest:5]", "weigh").Output, Does.Contain("weigh"));
            Assert.That(Run("wiegh", "x").Error, Does.Contain("did you mean 'weigh'"));
            Assert.That(Run("weigh", "x", "--waighed", "y").Error, Does.Contain("did you mean '--weighed'"));
        });
    }

    [Test]
    public void A_new_command_ends_as_every_command_does()
    {
        var file = FileOf(8);
        var missing = Run("weigh", file + ".not", "--json");
        var same = Run("weigh", file, "--weighed", file);
        Assert.Multiple(() =>
        {
            Assert.That(missing.Code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(JsonDocument.Parse(missing.Error).RootElement.GetProperty("error").ToString(), Does.Contain("no such file"));
            Assert.That(same.Code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(same.Error, Does.Contain($"--weighed {file}: is an input as well (FILE)"));
            Assert.That(new FileInfo(file).Length, Is.EqualTo(8));
        });
    }
}
