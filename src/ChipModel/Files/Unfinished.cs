using System.Collections.Concurrent;

namespace TaalasSim.ChipModel.Files;

/// <summary>Files and folders that are not complete, or that serve only while the program runs. A program that is ended by force removes
/// them.</summary>
public static class Unfinished
{
    private static readonly ConcurrentDictionary<string, bool> Paths = new(StringComparer.Ordinal);
    private static readonly Lock Moving = new();

    /// <summary>Notes a file or folder.</summary>
    /// <returns>The path.</returns>
    public static string Note(string path)
    {
        Paths[path] = true;
        return path;
    }

    /// <summary>Makes a folder under the system's temporary one and notes it.</summary>
    /// <param name="prefix">Beginning of its name.</param>
    public static string Folder(string prefix) => Note(Directory.CreateTempSubdirectory(prefix).FullName);

    /// <summary>Moves a complete file or folder to its place; a forced end waits for it.</summary>
    public static void Complete(string path, Action move)
    {
        lock (Moving)
            move();
        Paths.TryRemove(path, out _);
    }

    /// <summary>Removes everything noted. Only for the end of the program: nothing moves into place afterwards.</summary>
    public static void RemoveAll()
    {
        Moving.Enter();
        foreach (var path in Paths.Keys)
            try
            {
                if (File.Exists(path))
                    File.Delete(path);
                else if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another thread still writes into it; the rest can go.
            }
    }
}
