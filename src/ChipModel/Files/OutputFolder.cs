namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Writes folders so that a reader sees the old one or the new one. The new one is filled under a temporary name on the same file system,
/// flushed, and exchanged with the old one in one step; only then is the old one removed.
/// </summary>
public static class OutputFolder
{
    /// <summary>Writes a folder that replaces an old one as a whole.</summary>
    /// <param name="target">Folder.</param>
    /// <param name="entries">Names in the old folder that may be removed; asked again when the old one is out of its place. It throws when
    /// the folder may not be replaced.</param>
    /// <param name="fill">Fills the folder whose path it gets.</param>
    /// <exception cref="InputException">The target is a file or a link, or cannot be written.</exception>
    public static void Replace(string target, Func<string, IReadOnlyCollection<string>> entries, Action<string> fill)
    {
        var full = OutputTarget.OfFolderOrImage(target);
        var parent = Path.GetDirectoryName(full)!;
        try
        {
            Directory.CreateDirectory(parent);
            var (temporary, held) = Temporaries.MakeFolder(parent);
            using (held)
            {
                try
                {
                    fill(temporary);
                    FlushAll(temporary);
                    Place(temporary, full, entries);
                }
                catch
                {
                    Temporaries.Delete(temporary);
                    throw;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(target, e);
        }
    }

    /// <summary>Writes files into a folder that may hold others. Where it holds nothing else, it changes in one step; otherwise each file
    /// does, in the order of <paramref name="last"/> behind all others.</summary>
    /// <param name="target">Folder, made when absent.</param>
    /// <param name="fill">Fills the folder whose path it gets, without subfolders.</param>
    /// <param name="last">Names that must not be there before the others.</param>
    /// <exception cref="InputException">The target is a file, a link or a chip image, or cannot be written.</exception>
    public static void Fill(string target, Action<string> fill, params string[] last)
    {
        var full = OutputTarget.OfFolder(target);
        if (!Directory.Exists(full))
        {
            Replace(target, Nothing, fill);
            return;
        }

        try
        {
            var (temporary, held) = Temporaries.MakeFolder(full);
            using (held)
            {
                try
                {
                    fill(temporary);
                    FlushAll(temporary);
                    var made = Directory.EnumerateFiles(temporary).Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal);
                    if (!Swap(temporary, full, made))
                        MoveEach(temporary, full, made, last);
                }
                finally
                {
                    Temporaries.Delete(temporary);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(target, e);
        }
    }

    private static InputException Unwritable(string target, Exception e) =>
        new($"{target}: cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);

    private static void Place(string temporary, string full, Func<string, IReadOnlyCollection<string>> entries)
    {
        var parent = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(full))
        {
            PosixFiles.MoveNew(temporary, full);
            PosixFiles.Flush(parent);
            return;
        }

        entries(full);
        // Held, so that nobody takes the old one for a remainder while it has a temporary name.
        using var old = PosixFiles.Lock(full);
        if (PosixFiles.Exchange(temporary, full))
        {
            PosixFiles.Flush(parent);
            RemoveOld(temporary, full, entries);
            return;
        }

        // No exchange on this file system: the old one makes place for a moment.
        var aside = Temporaries.Name(parent);
        Unfinished.Forget(aside);
        Directory.Move(full, aside);
        try
        {
            Directory.Move(temporary, full);
        }
        catch
        {
            Directory.Move(aside, full);
            throw;
        }

        PosixFiles.Flush(parent);
        RemoveOld(aside, full, entries);
    }

    // Only what was listed is removed. What came to it meanwhile is put back into reach.
    private static void RemoveOld(string old, string full, Func<string, IReadOnlyCollection<string>> entries)
    {
        try
        {
            foreach (var name in entries(old))
                File.Delete(Path.Combine(old, name));
            Directory.Delete(old);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            var kept = $"{full}.old-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4))}";
            PosixFiles.MoveNew(old, kept);
            throw new InputException(
                $"{full}: is new and complete, but the old one cannot be removed and is kept as {kept}: {e.Message}",
                e
            );
        }

        PosixFiles.Flush(Path.GetDirectoryName(full)!);
    }

    // Files of these names and the folder in the making; nothing else.
    private static string[] Known(string folder, HashSet<string> names, string making)
    {
        var found = new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name != making).ToList();
        return found.Find(e => e is not FileInfo { LinkTarget: null } || !names.Contains(e.Name)) is { } other
            ? throw new InputException($"{folder}: also holds {other.Name}")
            : [.. found.Select(e => e.Name)];
    }

    private static string[] Nothing(string folder) => Known(folder, [], "");

    // The filled folder leaves the old one and takes its place. A folder that holds more, or is the root of a file system, stays.
    private static bool Swap(string temporary, string full, HashSet<string> names)
    {
        var beside = Temporaries.Name(Path.GetDirectoryName(full)!);
        try
        {
            Known(full, names, Path.GetFileName(temporary));
            PosixFiles.MoveNew(temporary, beside);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return false;
        }

        try
        {
            using var old = PosixFiles.Lock(full);
            if (!PosixFiles.Exchange(beside, full))
            {
                PosixFiles.MoveNew(beside, temporary);
                return false;
            }

            PosixFiles.Flush(Path.GetDirectoryName(full)!);
            RemoveOld(beside, full, folder => Known(folder, names, ""));
            return true;
        }
        catch
        {
            Temporaries.Delete(beside);
            throw;
        }
    }

    private static void MoveEach(string temporary, string full, HashSet<string> names, string[] last)
    {
        foreach (var name in names.OrderBy(n => Array.IndexOf(last, n)).ThenBy(n => n, StringComparer.Ordinal))
        {
            OutputTarget.OfFile(Path.Combine(full, name));
            File.Move(Path.Combine(temporary, name), Path.Combine(full, name), overwrite: true);
        }

        PosixFiles.Flush(full);
    }

    private static void FlushAll(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            PosixFiles.Flush(file);
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
            PosixFiles.Flush(inner);
        PosixFiles.Flush(folder);
    }
}
