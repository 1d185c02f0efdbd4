using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>
/// A folder for files that a test makes; it goes with the object, at the latest when the test process ends. All folders lie in one folder
/// of the process, which is also the folder of temporaries (TMPDIR) of the program under test and of what it starts. What a killed process
/// left, the next one deletes.
/// </summary>
public sealed partial class TemporaryFolder : IDisposable
{
    /// <summary>The folder of this process, for what several tests share.</summary>
    public static string OfProcess { get; } = CreateForProcess();

    /// <summary>Makes the folder of this process, if that is still to do.</summary>
    public static void Start() => _ = OfProcess;

    /// <summary>The folder.</summary>
    public string Path { get; } = New();

    /// <summary>Names of its files, in ordinal order.</summary>
    public IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(Path).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>A new, empty folder, named after the running test, that stays until the process ends.</summary>
    public static string New()
    {
        var test = string.Concat(TestContext.CurrentContext.Test.ID.Where(char.IsLetterOrDigit));
        return Directory.CreateDirectory(System.IO.Path.Combine(OfProcess, $"{test}-{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string File(string name, ReadOnlySpan<byte> bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <inheritdoc/>
    public void Dispose() => Delete(Path);

    /// <summary>Deletes folders of test processes that are no more; those of processes that live stay.</summary>
    /// <param name="parent">Where the folders lie.</param>
    public static void DeleteOfDeadProcesses(string parent)
    {
        foreach (var path in Directory.GetDirectories(parent, Prefix + "*"))
            if (Pattern().Match(System.IO.Path.GetFileName(path)) is { Success: true } name && !Lives(name))
                Delete(path);
    }

    /// <summary>Name of a process's folder, without its random end: its number and the second at which it started, because numbers are
    /// given again.</summary>
    /// <param name="process">A process that lives.</param>
    public static string NameFor(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{process.Id}-{Started(process)}-");

    private const string Prefix = "taalas-test-";

    private static string CreateForProcess()
    {
        var parent = System.IO.Path.GetTempPath();
        DeleteOfDeadProcesses(parent);
        using var process = Process.GetCurrentProcess();
        var path = Directory.CreateTempSubdirectory(NameFor(process)).FullName;
        Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(path);
        return path;
    }

    private static bool Lives(Match name)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(name.Groups["process"].ValueSpan, CultureInfo.InvariantCulture));
            // The start is reckoned from the machine's clock, so that two processes may see it a little apart.
            return Math.Abs(Started(process) - long.Parse(name.Groups["second"].ValueSpan, CultureInfo.InvariantCulture)) <= 5;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Somebody else's process.
            return true;
        }
    }

    private static long Started(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process deletes it too, or a mapped file is still open: the next process takes the rest.
        }
    }

    [GeneratedRegex(
        @"\Ataalas-test-(?<process>[0-9]{1,9})-(?<second>[0-9]{1,12})-[^-]*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Pattern();
}
