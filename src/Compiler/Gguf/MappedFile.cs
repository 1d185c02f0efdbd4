using System.IO.MemoryMappedFiles;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>A file mapped read-only into memory for as long as this object lives.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly LostPages? _guard;
    private byte* _start;
    private bool _disposed;

    /// <summary>Maps the file.</summary>
    /// <exception cref="InputException">The file is missing, a pipe or a device, or cannot be read.</exception>
    public MappedFile(string path)
    {
        Path = path;
        FileStream? stream = null;
        try
        {
            // Before it is opened: a pipe that nobody writes to would never open.
            RegularFile.Check(path, "a file whose parts are read in any order");
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            Length = stream.Length;
            if (Length == 0)
            {
                stream.Dispose();
                return; // an empty file cannot be mapped; its reader will refuse it by its length
            }
            _map = MemoryMappedFile.CreateFromFile(
                stream,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _guard = LostPages.Of(path);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _view?.Dispose();
            _map?.Dispose();
            stream?.Dispose();
            if (Directory.Exists(path))
                throw new InputException($"{path}: cannot be opened: {FileKind.Sentence(path, "a GGUF file")}", fault);
            var reason = fault is FileNotFoundException or DirectoryNotFoundException
                ? "no such file"
                : fault.Message.ReplaceLineEndings(" ");
            throw new InputException($"{path}: cannot be opened ({reason}); check the path and its permissions", fault);
        }
    }

    public string Path { get; }

    /// <summary>Bytes in the file when it was mapped.</summary>
    public long Length { get; }

    /// <summary>Address of the file's first byte.</summary>
    /// <exception cref="ObjectDisposedException">The file has been closed.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(GgufFile));
            return _start;
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
        _guard?.Dispose();
    }
}
