using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>A file that two processes have mapped: what one writes the other reads.</summary>
internal sealed unsafe class SharedMemory : MemoryManager<byte>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private byte* _start;

    private SharedMemory(FileStream stream, int length)
    {
        _length = length;
        _file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false);
        _view = _file.CreateViewAccessor(0, length);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Makes a file of zeros that only its owner may open; its pages take memory when they are written.</summary>
    public static SharedMemory Create(string path, int length)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        stream.SetLength(length);
        return new SharedMemory(stream, length);
    }

    /// <summary>Maps a file that another process made.</summary>
    public static SharedMemory Open(string path, int length) =>
        new(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() =>
        _start is null ? throw new ObjectDisposedException(nameof(SharedMemory)) : new Span<byte>(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || _start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
