using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>Files and folders of the checkout, without what builds leave there.</summary>
internal static class Checkout
{
    private static readonly string[] Built = ["bin", "obj", "out", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>Files below a folder, in ordinal order.</summary>
    /// <param name="folder">Folder below the root.</param>
    /// <param name="pattern">Pattern of file names.</param>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Folders(folder)
            .Prepend(folder)
            .SelectMany(path => Directory.EnumerateFiles(Path.Combine(Shared.Root, path), pattern))
            .Order(StringComparer.Ordinal);

    /// <summary>Folders below a folder, as paths below the root; a folder counts when it or one below it holds a file.</summary>
    /// <param name="folder">Folder below the root.</param>
    public static IEnumerable<string> Folders(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(Path.Combine(Shared.Root, folder)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name[0] == '.' || Built.Contains(name, StringComparer.Ordinal))
                continue;
            var relative = $"{folder}/{name}";
            var below = Folders(relative).ToList();
            if (below.Count == 0 && !Directory.EnumerateFiles(path).Any())
                continue;
            yield return relative;
            foreach (var inner in below)
                yield return inner;
        }
    }

    /// <summary>Path below the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Shared.Root, path).Replace('\\', '/');
}
