using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>Finds files of the checkout and reference data: a part of it lies in <c>tests/golden</c>, more in the optional folder
/// <c>../shared</c> beside the checkout.</summary>
public static class Shared
{
    /// <summary>Root of the checkout: the folder that holds TaalasSim.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a file of the reference data; skips the calling test by name when it is absent.</summary>
    /// <param name="relative">Path of the file, e.g. <c>golden/story.txt</c>.</param>
    public static string Path(string relative)
    {
        var path = Places(relative).FirstOrDefault(System.IO.Path.Exists);
        if (path is null)
            Assert.Ignore($"needs ../shared/{relative}, which is absent");
        return path!;
    }

    /// <summary>Whether a piece of the reference data is present; for test-case sources, which cannot skip.</summary>
    public static bool Has(string relative) => Places(relative).Any(System.IO.Path.Exists);

    /// <summary>Files of a folder of the reference data, wherever they lie, in ordinal order of their names.</summary>
    /// <param name="folder">The folder, e.g. <c>golden/arch</c>.</param>
    /// <param name="pattern">Pattern of names.</param>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [
            .. Places(folder)
                .Where(Directory.Exists)
                .SelectMany(path => Directory.GetFiles(path, pattern))
                .DistinctBy(path => System.IO.Path.GetFileName(path))
                .OrderBy(path => System.IO.Path.GetFileName(path), StringComparer.Ordinal),
        ];

    /// <summary>Path of a file of the checkout, e.g. <c>chips/fabrics/hc1.yaml</c>.</summary>
    public static string InRepo(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>Keeps an input that made a test fail, in <c>out/kept-inputs</c>.</summary>
    /// <returns>Path of the file.</returns>
    public static string Keep(string name, ReadOnlySpan<byte> input)
    {
        var path = System.IO.Path.Combine(Directory.CreateDirectory(InRepo("out/kept-inputs")).FullName, name);
        File.WriteAllBytes(path, input);
        return path;
    }

    /// <summary>True when the exhaustive suites were asked for (<c>./test --all</c>).</summary>
    public static bool All => Environment.GetEnvironmentVariable("TAALAS_TEST_ALL") == "1";

    /// <summary>Where a piece of the reference data may lie, the checkout first.</summary>
    private static string[] Places(string relative) =>
        [InRepo($"tests/{relative}"), System.IO.Path.GetFullPath(InRepo($"../shared/{relative}"))];

    private static string FindRoot()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
            if (File.Exists(System.IO.Path.Combine(dir.FullName, "TaalasSim.sln")))
                return dir.FullName;
        throw new InvalidOperationException("TaalasSim.sln was not found above the test assembly.");
    }
}
