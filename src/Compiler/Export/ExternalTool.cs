using System.Diagnostics;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export;

/// <summary>Programs of other projects (Verilator, Icarus Verilog, Yosys, KLayout) that check or map what is exported; none is needed to
/// export.</summary>
public static class ExternalTool
{
    /// <summary>Path of a program on the search path, or null; a full path is looked up as it is.</summary>
    public static string? Find(string name)
    {
        if (Path.IsPathRooted(name))
            return File.Exists(name) ? name : null;
        foreach (
            var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">Program.</param>
    /// <param name="arguments">Arguments, each passed as it is.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="cancel">Kills the program and its children.</param>
    /// <returns>What it wrote to standard output and error.</returns>
    /// <exception cref="InputException">The program is missing, or it failed; the message holds its last line.</exception>
    public static async Task<(string Output, string Error)> RunAsync(
        string name,
        IEnumerable<string> arguments,
        string folder,
        CancellationToken cancel = default
    )
    {
        var path = Find(name) ?? throw new InputException($"{name}: not installed; install the package '{name}' of your distribution");
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // KLayout is a Qt program; without a display it must not look for one.
        start.Environment["QT_QPA_PLATFORM"] = "offscreen";
        using var process = Process.Start(start) ?? throw new InputException($"{path}: cannot be started");
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Its children hold the pipes; while one lives the folder cannot be removed.
            await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None))
                .ConfigureAwait(false);
            throw;
        }

        var (text, faults) = (await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        if (process.ExitCode != 0)
            throw new InputException($"{name}: failed with code {process.ExitCode}: {LastLines(faults.Length > 0 ? faults : text)}");
        return (text, faults);
    }

    private static string LastLines(string text) =>
        string.Join(
            " | ",
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(l => l.Contains("rror", StringComparison.Ordinal))
                .DefaultIfEmpty(text.Trim())
                .Take(3)
        );
}
