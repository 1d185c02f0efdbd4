using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM end every long command within a second, with its code, and leave nothing half-written.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class SignalTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    // Each works for much longer than the signal takes to come.
    private static readonly string[][] Commands =
    [
        ["run", "{chip}", "-p", "Once", "-n", "-1", "--ignore-eos", "--timing", "event", "--context", "256"],
        ["perplexity", "{chip}", "-f", "chips/demo/story.txt", "-c", "64", "--kl-divergence-base", "{out}/base.kld"],
        ["bench", "{chip}", "-p", "200", "-n", "50", "-r", "10000"],
        ["curve", "chips/demo/stories.gguf", "-f", "chips/demo/story.txt", "-c", "128", "--csv", "{out}/curve.csv"],
        ["compile", "chips/demo/stories.gguf", "-o", "{out}/new.chip", "--weights", "auto"],
        ["quantize", "{big}", "{out}/new.gguf", "q2_k"],
        ["sweep", "chips/sweeps/demo.yaml", "-o", "{out}/sweep", "--draws", "100000"],
        ["report", "llama-3.1-8b", "-o", "{out}/report"],
        ["validate", "all"],
        ["demo", "-o", "{out}/demo"],
        ["verify-rtl", "{chip}", "--keep", "{out}/kept"],
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Commands.SelectMany(
            (c, i) =>
                (Shared.All || i < 3 ? (int[])[Interrupt, Terminate] : [i % 2 == 0 ? Interrupt : Terminate]).Select(signal =>
                    new TestCaseData(signal, c).SetArgDisplayNames(c[0], signal == Interrupt ? "SIGINT" : "SIGTERM")
                )
        );

    [TestCaseSource(nameof(Cases))]
    public void A_signal_ends_the_command_within_a_second(int signal, string[] command)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("reads /proc");
        if (signal == Interrupt && IgnoresInterrupt())
            Assert.Ignore("background jobs of a shell ignore SIGINT, and so does what they start");
        if (command[0] == "verify-rtl")
            Tools.Need("verilator");
        var folder = TemporaryFolder.New();
        using var process = Taalas.Start(
            new Dictionary<string, string> { ["TMPDIR"] = folder },
            [.. command.Select(a => Placed(a, folder))]
        );
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (EndsEarly(process))
            Assert.Inconclusive($"{command[0]} was done before the signal came");
        var watch = Stopwatch.StartNew();
        Assert.That(Kill(process.Id, signal), Is.Zero);
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(20)), Is.True, "does not end");
        Assert.Multiple(() =>
        {
            // Other tests share the machine; the watch of the program itself ends it after 0.6 s.
            Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(3), error.Result);
            Assert.That(process.ExitCode, Is.EqualTo(128 + signal), error.Result);
            Assert.That(error.Result.TrimEnd('\n').Split('\n')[^1], Is.EqualTo("taalas: interrupted; every file written is complete"));
            Assert.That(
                Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(folder, p)),
                Has.None.Match(@"\.tmp$|\.partial$|^new\.|^base\.kld$|^curve\.csv$|^taalas-|^kept$")
            );
        });
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

    private static string Placed(string argument, string folder) =>
        argument switch
        {
            "{chip}" => Taalas.StoriesChip,
            "{big}" => BigModel(Path.Combine(folder, "big.gguf")),
            _ => argument.Replace("{out}", folder),
        };

    // The embedded model is quantised before a signal comes; this one has 16 million weights.
    private static string BigModel(string path)
    {
        const int width = 4096;
        var values = new float[width * width];
        for (var i = 0; i < values.Length; i++)
            values[i] = (i % 251) - 125;
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.AddTensor("blk.0.ffn_up.weight", CodeFormats.Named("f32"), [width, width], MemoryMarshal.AsBytes<float>(values).ToArray());
        writer.Save(path);
        return path;
    }

    // Waits until the command is at work, which is a matter of its own processor time: other tests share the machine.
    private static bool EndsEarly(Process process)
    {
        var watch = Stopwatch.StartNew();
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            // Verilator and the compiler work in processes of their own.
            if (Worked(process) > TimeSpan.FromSeconds(0.6) || watch.Elapsed > TimeSpan.FromSeconds(10))
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

    private static bool IgnoresInterrupt()
    {
        var mask = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (Convert.ToUInt64(mask, 16) & (1UL << (Interrupt - 1))) != 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
