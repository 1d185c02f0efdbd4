namespace TaalasSim.ChipModel.Files;

/// <summary>Where output may go. A chip image is written as a whole and by nothing else; links and devices are not written
/// through.</summary>
public static class OutputTarget
{
    /// <summary>The description of a chip image.</summary>
    public const string ImageDescription = "chip.yaml";

    /// <summary>The digest of <see cref="ImageDescription"/>: a folder with both is a chip image.</summary>
    public const string ImageDigest = "chip.sha256";

    /// <summary>Full path of a file to write.</summary>
    /// <exception cref="InputException">A folder, link or device has its name, or it would lie in a chip image.</exception>
    public static string OfFile(string path)
    {
        var full = Path.GetFullPath(path);
        RefuseLink(path, full);
        if (Directory.Exists(full))
            throw new InputException($"{path}: is a folder; name a file");
        if (PosixFiles.Look(full) is { IsRegular: false })
            throw new InputException($"{path}: is no regular file; name a file");
        RefuseImage(path, Path.GetDirectoryName(full));
        return full;
    }

    /// <summary>Full path of a folder to write into.</summary>
    /// <exception cref="InputException">A file or link has its name, or it is a chip image or lies in one.</exception>
    public static string OfFolder(string path)
    {
        var full = OfFolderOrImage(path);
        RefuseImage(path, full);
        return full;
    }

    /// <summary>Full path of a folder to write or replace, which may be a chip image but may not lie in one.</summary>
    /// <exception cref="InputException">A file or link has its name, or it lies in a chip image.</exception>
    public static string OfFolderOrImage(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is null)
            throw new InputException($"{path}: is the root of the file system; name a folder in it");
        RefuseLink(path, full);
        if (File.Exists(full))
            throw new InputException($"{path}: is a file; name a folder");
        RefuseImage(path, Path.GetDirectoryName(full));
        return full;
    }

    /// <summary>Whether two paths are one existing file or folder, by whatever names and links.</summary>
    public static bool IsSame(string a, string b)
    {
        try
        {
            var (first, second) = (Resolved(a), Resolved(b));
            if (first is null || second is null)
                return false;
            if (first == second)
                return true;
            return PosixFiles.Look(first) is { } x && PosixFiles.Look(second) is { } y && (x.Device, x.Node) == (y.Device, y.Node);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    // The full path of what exists, links at its end followed; null for what does not exist.
    private static string? Resolved(string path)
    {
        if (path.Length == 0 || !Path.Exists(path))
            return null;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        FileSystemInfo entry = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        return entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
    }

    private static void RefuseLink(string path, string full)
    {
        if (new FileInfo(full).LinkTarget is not null)
            throw new InputException($"{path}: is a symbolic link; name the file or folder itself");
    }

    private static void RefuseImage(string path, string? folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, ImageDescription)) && File.Exists(Path.Combine(at, ImageDigest)))
                throw new InputException($"{path}: lies in the chip image {at}; name a place outside of it");
    }
}
