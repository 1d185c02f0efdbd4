using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>Finds files of the checkout and of the optional reference data folder that lies beside it.</summary>
public static class Shared
{
    /// <summary>Root of the checkout: the folder that holds TaalasSim.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a file of the reference data; skips the calling test by name when it is absent.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared", relative));
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Ignore($"needs ../shared/{relative}, which is absent");
        return path;
    }

    /// <summary>Whether a piece of the reference data is present; for test-case sources, which cannot skip.</summary>
    public static bool Has(string relative)
    {
        var path = System.IO.Path.Combine(Root, "..", "shared", relative);
        return File.Exists(path) || Directory.Exists(path);
    }

    /// <summary>Path of a file of the checkout, e.g. <c>chips/fabrics/hc1.yaml</c>.</summary>
    public static string InRepo(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>True when the exhaustive suites were asked for (<c>./test --all</c>).</summary>
    public static bool All => Environment.GetEnvironmentVariable("TAALAS_TEST_ALL") == "1";

    private static string FindRoot()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
            if (File.Exists(System.IO.Path.Combine(dir.FullName, "TaalasSim.sln")))
                return dir.FullName;
        throw new InvalidOperationException("TaalasSim.sln was not found above the test assembly.");
    }
}
