using System.Collections.Concurrent;

namespace TaalasSim.ChipModel.Files;

/// <summary>Files and folders in the making. A program that is ended by force removes them.</summary>
public static class Unfinished
{
    private static readonly ConcurrentDictionary<string, bool> Paths = new(StringComparer.Ordinal);

    /// <summary>Removes everything in the making. Only for the end of the program.</summary>
    public static void RemoveAll()
    {
        foreach (var path in Paths.Keys)
            Temporaries.Delete(path);
    }

    /// <summary>Notes a file or folder that must not outlast a program that is ended.</summary>
    /// <returns>The path.</returns>
    public static string Note(string path)
    {
        Paths[path] = true;
        return path;
    }

    /// <summary>Forgets a path: it is gone, or holds what must not go.</summary>
    public static void Forget(string path) => Paths.TryRemove(path, out _);
}
