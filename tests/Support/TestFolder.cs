using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>A folder of this test process for files that tests make; removed when the process ends.</summary>
public static class TestFolder
{
    /// <summary>The folder.</summary>
    public static string Path { get; } = Create();

    /// <summary>A new, empty folder below it, named after the running test.</summary>
    public static string New()
    {
        var name = string.Concat(TestContext.CurrentContext.Test.ID.Where(char.IsLetterOrDigit));
        var path = System.IO.Path.Combine(Path, $"{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return path;
    }

    private static string Create()
    {
        var path = Directory.CreateTempSubdirectory("taalas-test-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException)
            {
                // A mapped file may still be open; the system's cleaner takes the rest.
            }
        };
        return path;
    }
}
