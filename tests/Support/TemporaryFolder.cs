using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>A folder for files that a test makes; it goes with the object, at the latest when the test process ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder of this process, for what several tests share.</summary>
    public static string OfProcess { get; } = CreateForProcess();

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

    private static string CreateForProcess()
    {
        var path = Directory.CreateTempSubdirectory("taalas-test-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(path);
        return path;
    }

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // A mapped file may still be open; the system's cleaner takes the rest.
        }
    }
}
