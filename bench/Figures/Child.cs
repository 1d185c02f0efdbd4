using System.Diagnostics;
using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Bench.Figures;

/// <summary>What a program printed, and what running it took.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="FirstByteSeconds">From the start of the process to the first byte of its output.</param>
/// <param name="PeakBytes">Peak resident set; 0 where <c>/proc</c> does not tell.</param>
internal sealed record Child(string Output, double FirstByteSeconds, long PeakBytes)
{
    private static string Launcher { get; } = FindLauncher();

    /// <summary>Runs the program of this checkout by its launcher, as people do.</summary>
    public static Child Taalas(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment) =>
        Run(Launcher, arguments, environment);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InputException">It cannot be started, or fails.</exception>
    public static Child Run(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var from = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InputException($"{program}: cannot be started");
        var errors = process.StandardError.ReadToEndAsync();
        using var ended = new CancellationTokenSource();
        var peak = WatchPeak(process.Id, ended.Token);
        var output = new MemoryStream();
        var buffer = new byte[4096];
        var first = 0.0;
        for (int n; (n = process.StandardOutput.BaseStream.Read(buffer)) > 0; )
        {
            if (output.Length == 0)
                first = Stopwatch.GetElapsedTime(from).TotalSeconds;
            output.Write(buffer, 0, n);
        }

        process.WaitForExit();
        ended.Cancel();
        if (process.ExitCode != 0)
            throw new InputException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {errors.Result.Trim()}");
        return new Child(Encoding.UTF8.GetString(output.ToArray()), first, peak.Result);
    }

    private static string FindLauncher()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "taalas") is var path && File.Exists(path))
                return path;
        throw new InputException($"{AppContext.BaseDirectory}: no 'taalas' in a folder above; run the program from a checkout");
    }

    // The kernel keeps the peak; it is gone with the process, so that it is read until then.
    private static async Task<long> WatchPeak(int id, CancellationToken ended)
    {
        const string Field = "VmHWM:";
        long peak = 0;
        try
        {
            while (!ended.IsCancellationRequested)
            {
                var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal));
                if (line is not null)
                    peak = 1024 * long.Parse(line.AsSpan(Field.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
                await Task.Delay(5, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The process is over, or the system has no such file.
        }

        return peak;
    }
}
