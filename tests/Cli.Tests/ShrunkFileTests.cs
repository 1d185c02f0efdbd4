using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A file that becomes shorter while a command has it mapped ends the command in one line with its name and exit code 2; never in
/// a dump of stacks.</summary>
[Category("Smoke"), NonParallelizable]
public sealed partial class ShrunkFileTests
{
    private const int Stop = 19,
        Continue = 18;

    [Test]
    public void A_model_that_becomes_shorter_while_it_is_compiled_ends_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var model = folder.File("model.gguf");
        File.Copy(Taalas.StoriesModel, model);
        Shrink(model, ["compile", model, "-o", folder.File("x.chip")]);
        Assert.That(Directory.Exists(folder.File("x.chip")), Is.False);
    }

    [Test]
    public void Weights_that_become_shorter_while_a_chip_runs_end_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var chip = Directory.CreateDirectory(folder.File("x.chip")).FullName;
        foreach (var file in Directory.GetFiles(Taalas.StoriesChip))
            File.Copy(file, Path.Combine(chip, Path.GetFileName(file)));
        Shrink(Path.Combine(chip, ChipDirectory.WeightsName), ["run", chip, "-p", "Once", "-n", "200", "--ignore-eos", "-t", "1"]);
    }

    [Test]
    public void A_checkpoint_that_becomes_shorter_while_it_forecasts_ends_in_one_line()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(TinyTimesFm.Folder))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        var csv = Path.Combine(TinyTimesFm.Folder, "series.csv");
        Shrink(folder.File("model.safetensors"), ["forecast", folder.Path, "--csv", csv, "--horizon", "4"]);
    }

    // The program is stopped once it has mapped the file, and goes on when the file is empty.
    private static void Shrink(string file, string[] command)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Ignore("Linux on x64 guards mapped files");
        using var process = Taalas.Start(new Dictionary<string, string>(), command);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!process.HasExited && !File.ReadAllText($"/proc/{process.Id}/maps").Contains(file, StringComparison.Ordinal))
            Thread.Sleep(1);
        _ = kill(process.Id, Stop);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(0);
        _ = kill(process.Id, Continue);
        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(1)), Is.True);
        _ = output.Result;
        var lines = error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(2), error.Result);
            Assert.That(lines.Count(l => l.StartsWith("taalas: ", StringComparison.Ordinal)), Is.EqualTo(1), error.Result);
            Assert.That(lines[^1], Does.StartWith("taalas: ").And.Contain(Path.GetFileName(file)));
            Assert.That(error.Result, Does.Not.Contain("   at "));
        });
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
