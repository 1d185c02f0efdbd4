using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Checks the digest of the weights layer behind a chip that already runs. A thread of the lowest priority reads the file in order, so that
/// it takes only processor time that the kernels leave, and brings pages of a cold file into memory before they need them; whoever waits
/// for the result does the rest himself.
/// </summary>
internal sealed class WeightsCheck : IDisposable
{
    private const int Step = 1 << 18;

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Step);
    private readonly string _path;
    private readonly ImageFile _file;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _fault;
    private bool _done;
    private volatile bool _leave;

    /// <summary>Starts the check of a file whose size is right.</summary>
    public WeightsCheck(string path, ImageFile file)
    {
        (_path, _file) = (path, file);
        try
        {
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }

        _thread = new Thread(Behind) { IsBackground = true, Name = "weights check" };
        _thread.Start();
    }

    /// <summary>Returns when the digest was found right.</summary>
    /// <exception cref="InputException">It is not, or the file cannot be read.</exception>
    public void Wait(CancellationToken cancel)
    {
        _leave = true;
        while (Advance())
            cancel.ThrowIfCancellationRequested();
        _fault?.Throw();
    }

    /// <summary>Stops the check.</summary>
    public void Dispose()
    {
        _leave = true;
        _thread.Join();
        _stream.Dispose();
        _hash.Dispose();
    }

    private void Behind()
    {
        ThreadPriorities.LowerMine();
        while (!_leave && Advance()) { }
    }

    /// <summary>Reads one step; false when the result is there.</summary>
    private bool Advance()
    {
        lock (_lock)
        {
            if (_done)
                return false;
            try
            {
                var n = _stream.Read(_buffer);
                _hash.AppendData(_buffer, 0, n);
                if (n > 0)
                    return true;
                ChipDirectory.CheckDigest(_path, _file, Convert.ToHexStringLower(_hash.GetHashAndReset()));
            }
            catch (InputException e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _fault = ExceptionDispatchInfo.Capture(new InputException($"{_path}: cannot be read: {e.Message}", e));
            }

            _done = true;
            return false;
        }
    }
}
