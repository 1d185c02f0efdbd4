namespace TaalasSim.ChipModel.Files;

/// <summary>Files that are written together: all of them complete and on the disk under temporary names before the first gets its
/// own.</summary>
public sealed class OutputSet : IDisposable
{
    private readonly List<(string Temporary, string Full, FileStream Stream)> _staged = [];

    /// <summary>Writes one file beside its place.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="InputException">The place is no regular file, or lies in a chip image.</exception>
    public void Add(string path, Action<Stream> write) => Add(path, write, isSecret: false);

    /// <summary>Writes a file that only this user may read.</summary>
    /// <inheritdoc cref="Add(string, Action{Stream})"/>
    public void AddSecret(string path, Action<Stream> write) => Add(path, write, isSecret: true);

    private void Add(string path, Action<Stream> write, bool isSecret)
    {
        var full = OutputTarget.OfFile(path);
        var folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        Temporaries.Clean(folder);
        var temporary = Temporaries.Name(folder);
        // Opened exclusively: nothing that lies there is opened, and no link followed.
        var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        _staged.Add((temporary, full, stream));
        if (!OperatingSystem.IsWindows() && (isSecret || File.Exists(full)))
            File.SetUnixFileMode(
                stream.SafeFileHandle,
                isSecret ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(full)
            );
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Renames the files into place in the order in which they were added, and flushes their folders.</summary>
    public void Commit()
    {
        foreach (var (temporary, full, stream) in _staged)
        {
            // Elsewhere the file stays open until it has its name: its lock keeps others from cleaning it away.
            if (OperatingSystem.IsWindows())
                stream.Dispose();
            File.Move(temporary, full, overwrite: true);
        }

        foreach (var folder in _staged.Select(s => Path.GetDirectoryName(s.Full)!).Distinct(StringComparer.Ordinal))
            PosixFiles.Flush(folder);
    }

    /// <summary>Closes the files; what was not committed goes.</summary>
    public void Dispose()
    {
        foreach (var (temporary, _, stream) in _staged)
        {
            try
            {
                stream.Dispose();
            }
            catch (IOException)
            {
                // What its buffer still holds is of no use.
            }

            Temporaries.Delete(temporary);
        }

        _staged.Clear();
    }
}
