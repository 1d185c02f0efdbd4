namespace TaalasSim.ChipModel.Files;

/// <summary>A file that another program writes under a temporary name, and that gets its own name when it is complete.</summary>
public sealed class PendingFile : IDisposable
{
    private readonly string _full;
    private readonly FileStream _held;

    /// <summary>Makes the empty file beside its place.</summary>
    /// <exception cref="InputException">The place is no regular file, or lies in a chip image.</exception>
    public PendingFile(string path)
    {
        _full = OutputTarget.OfFile(path);
        var folder = Path.GetDirectoryName(_full)!;
        Temporaries.Clean(folder);
        Temporary = Temporaries.Name(folder);
        _held = new FileStream(Temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
    }

    /// <summary>Where to write.</summary>
    public string Temporary { get; }

    /// <summary>Flushes the file and gives it its name.</summary>
    public void Commit()
    {
        _held.Flush(flushToDisk: true);
        File.Move(Temporary, _full, overwrite: true);
        PosixFiles.Flush(Path.GetDirectoryName(_full)!);
    }

    /// <summary>Removes a file that was not committed.</summary>
    public void Dispose()
    {
        _held.Dispose();
        Temporaries.Delete(Temporary);
    }
}
