using Microsoft.Win32.SafeHandles;

namespace TaalasSim.ChipModel.Files;

/// <summary>A folder for work, which goes when it is disposed of. Where a process dies before that, the next one removes its
/// folder.</summary>
public sealed class WorkFolder : IDisposable
{
    private readonly SafeFileHandle? _lock;

    private WorkFolder((string Path, SafeFileHandle? Lock) made) => (Path, _lock) = made;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a folder among the system's temporary files; only this user may look into it.</summary>
    /// <exception cref="InputException">There is no room for one.</exception>
    public static WorkFolder Create()
    {
        var parent = System.IO.Path.GetTempPath();
        try
        {
            return new WorkFolder(Temporaries.MakeFolder(System.IO.Path.TrimEndingDirectorySeparator(parent), ofUserOnly: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{parent}: no temporary folder can be made; set TMPDIR to another folder ({e.Message})", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Temporaries.Delete(Path);
        _lock?.Dispose();
    }
}
