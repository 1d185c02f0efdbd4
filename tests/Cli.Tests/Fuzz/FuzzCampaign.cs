using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>
/// Tries inputs of one kind and judges each: exit code 0 to 3, one clear line, within five seconds of processor time and 500 MB more than
/// before. Counts what came out.
/// </summary>
internal sealed partial class FuzzCampaign(string name, FuzzTarget target)
{
    private const double MostSeconds = 5;
    private const long MostBytes = 500L << 20;

    // From here on the collector cleans up before the next input, so that earlier ones do not count.
    private const long ManyBytes = 400L << 20;

    private readonly int[] _codes = new int[4];
    private readonly SortedDictionary<string, string> _forms = new(StringComparer.Ordinal);
    private double _seconds;
    private long _bytes;

    /// <summary>What came out of all inputs, in one line.</summary>
    public string Summary =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {_codes.Sum()} inputs, exit 0: {_codes[0]}, 1: {_codes[1]}, 2: {_codes[2]}, 3: {_codes[3]}; {_forms.Count} forms of "
                + $"messages; at most {_seconds:0.00} s and {_bytes >> 20} MB"
        );

    /// <summary>Inputs that the program accepted.</summary>
    public int Accepted => _codes[0] + _codes[1];

    /// <summary>An example of each form of message.</summary>
    public IEnumerable<string> Messages => _forms.Values;

    /// <summary>Tries an input.</summary>
    /// <param name="input">Input.</param>
    /// <param name="what">What a failure calls it.</param>
    /// <returns>Whether its message has a new form.</returns>
    public bool Try(byte[] input, string what)
    {
        // Where the process dies, the input is still there.
        Shared.Keep("last-of-" + name, input);
        using var process = Process.GetCurrentProcess();
        var (before, resident) = (process.TotalProcessorTime, ResetPeak());
        var answer = Answer(input, what);
        process.Refresh();
        var (seconds, bytes) = ((process.TotalProcessorTime - before).TotalSeconds, Math.Max(0, Memory("VmHWM:") - resident));
        (_seconds, _bytes) = (Math.Max(_seconds, seconds), Math.Max(_bytes, bytes));
        if (answer.Fault is { } fault)
            Assert.Fail($"{what}: {fault}\nthe input is {Kept(input)}");
        if (seconds >= MostSeconds)
            Assert.Fail($"{what}: {seconds} s: {answer}; the input is {Kept(input)}");
        if (bytes >= MostBytes)
            Assert.Fail($"{what}: {bytes} bytes: {answer}; the input is {Kept(input)}");
        _codes[answer.Code]++;
        return answer.Code != 0 && _forms.TryAdd(Form(answer.Error), answer.Error);
    }

    private FuzzAnswer Answer(byte[] input, string what)
    {
        try
        {
            return target.Run(input);
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{what}: {e}\nthe input is {Kept(input)}", e);
        }
    }

    private string Kept(byte[] input) => Shared.Keep($"fuzz-{name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}", input);

    // Bytes now in memory; the peak counts from here. Linux alone tells both.
    private static long ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
            return long.MaxValue;
        if (Memory("VmRSS:") > ManyBytes)
            GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Memory("VmRSS:");
    }

    private static long Memory(string entry)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(entry, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(entry.Length, line.Length - entry.Length - "kB".Length), CultureInfo.InvariantCulture) << 10;
    }

    // Messages that differ in numbers and quoted texts alone have one form.
    private static string Form(string message) => Varying().Replace(message, "#");

    [GeneratedRegex(@"[0-9]+|'[^']*'|/[^ :]*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
