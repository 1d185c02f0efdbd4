using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM end every long command within a second, with its code, and leave nothing half-written.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class SignalTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    // These show tables of files or descriptions, or hand a request to a card; the same watch ends them.
    private static readonly string[] Short =
    [
        "inspect",
        "cache rm",
        "diff",
        "device list",
        "device status",
        "device telemetry",
        "device log",
        "device fault",
        "device reset",
        "device stop",
        "sweep collect",
        "key new",
        "list",
        "init",
        "completion",
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        SignalCase.All.SelectMany(
            (c, i) =>
                (Shared.All || i < 3 ? (int[])[Interrupt, Terminate] : [i % 2 == 0 ? Interrupt : Terminate]).Select(signal =>
                    new TestCaseData(signal, i).SetArgDisplayNames(c.Name, signal == Interrupt ? "SIGINT" : "SIGTERM")
                )
        );

    [Test]
    public void Every_command_is_stopped_by_a_test_or_is_short()
    {
        var commands = Leaves(CommandLine.Root(), "").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(SignalCase.All.Select(c => Named(commands, c)).Distinct().Concat(Short), Is.EquivalentTo(commands));
            // What takes longer to end says so where the watch is, and has a test.
            var patient = Directory
                .EnumerateFiles(Shared.InRepo("src/Cli/Commands"), "*.cs")
                .Where(file => File.ReadAllText(file).Contains("Interruption.Grace(", StringComparison.Ordinal));
            Assert.That(patient.Select(Path.GetFileName), Is.EqualTo((string[])["ServeCommand.cs"]));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void A_signal_ends_the_command_within_a_second(int signal, int number)
    {
        var command = SignalCase.All[number];
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("reads /proc");
        if (signal == Interrupt)
            BackgroundJob.SkipWhereInterruptIsIgnored();
        if (command.OnlyInAll && !Shared.All)
            Assert.Ignore("./test --all runs it");
        if (command.Needs is { } program)
            Tools.Need(program);
        var folder = TemporaryFolder.New();
        // A socket's path is short.
        var sockets = Directory.CreateTempSubdirectory("s").FullName;
        using var hub = command.Words[0] == "pull" ? StalledHub() : null;
        using var process = Taalas.Start(
            new Dictionary<string, string>
            {
                ["TMPDIR"] = folder,
                ["XDG_RUNTIME_DIR"] = sockets,
                ["HF_ENDPOINT"] = hub?.Endpoint ?? "http://127.0.0.1:1",
                ["HF_HOME"] = Path.Combine(folder, "hub"),
            },
            [.. command.Words.Select(a => SignalInputs.Placed(a, folder))]
        );
        var error = new Heard(process.StandardError);
        var output = process.StandardOutput.ReadToEndAsync();
        bool AtWork() => hub is not null ? hub.Log.Any(r => r.AtStorage) : command.Says is { } words && error.Has(words);
        if (EndsEarly(process, AtWork, byProcessorTime: command.Says is null && hub is null))
        {
            Assert.That(process.ExitCode, Is.Zero, error.All);
            Assert.Inconclusive($"{command.Name} was done before the signal came");
        }

        var watch = Stopwatch.StartNew();
        Assert.That(Kill(process.Id, signal), Is.Zero);
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), Is.True, "does not end");
        Assert.Multiple(() =>
        {
            // Other tests share the machine; the watch of the program itself ends it after 0.6 s.
            Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(3), error.All);
            Assert.That(process.ExitCode, Is.EqualTo(command.EndsInOrder ? 0 : 128 + signal), error.All);
            if (!command.EndsInOrder)
                Assert.That(error.All.Trim().Split('\n')[^1], Does.Contain("interrupted; every file written is complete"));
            Assert.That(
                Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(folder, p)),
                Has.None.Match(@"\.tmp$|\.partial$|^new\.|^base\.kld$|^curve\.csv$|^taalas-|^kept$")
            );
        });
    }

    // Commands without subcommands of their own, and those that do something by themselves beside them.
    private static IEnumerable<string> Leaves(Command command, string before) =>
        command.Subcommands.SelectMany(c =>
            (c.Action is null ? (IEnumerable<string>)[] : [before + c.Name]).Concat(Leaves(c, $"{before}{c.Name} "))
        );

    private static string Named(List<string> commands, SignalCase signal) =>
        commands.Contains(signal.Name) ? signal.Name : signal.Words[0];

    // Takes the request for a large file and never answers it.
    private static FakeHub StalledHub()
    {
        var hub = new FakeHub { Interfere = (request, _) => request.AtStorage };
        hub.Files["tiny-Q8_0.gguf"] = File.ReadAllBytes(Taalas.StoriesModel);
        return hub;
    }

    [Test]
    public void A_closed_output_ends_the_command_quietly()
    {
        var program = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll")}'";
        var script = $"{program} run '{Taalas.StoriesChip}' -p Once -n -1 --ignore-eos | head -c 3; echo \"${{PIPESTATUS[0]}}\"";
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", script])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Shared.Root,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.EndWith("0\n"));
            Assert.That(error.Result, Is.Empty);
        });
    }

    // Waits until the command is at work: other tests share the machine, so that a span of time says nothing.
    private static bool EndsEarly(Process process, Func<bool> atWork, bool byProcessorTime)
    {
        var watch = Stopwatch.StartNew();
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            if (atWork() || watch.Elapsed > TimeSpan.FromSeconds(byProcessorTime ? 10 : 60))
                return false;
            // Verilator and the compiler work in processes of their own.
            if (byProcessorTime && Worked(process) > TimeSpan.FromSeconds(0.6))
                return false;
        }

        return true;
    }

    private static TimeSpan Worked(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    // Standard error as it comes.
    private sealed class Heard
    {
        private readonly StringBuilder _text = new();
        private readonly Task _reading;

        public Heard(StreamReader stream) =>
            _reading = Task.Run(async () =>
            {
                while (await stream.ReadLineAsync().ConfigureAwait(false) is { } line)
                    lock (_text)
                        _text.Append(line).Append('\n');
            });

        public string All
        {
            get
            {
                _reading.Wait(TimeSpan.FromSeconds(10));
                lock (_text)
                    return _text.ToString();
            }
        }

        public bool Has(string words)
        {
            lock (_text)
                return _text.ToString().Contains(words, StringComparison.Ordinal);
        }
    }
}
