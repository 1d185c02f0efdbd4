using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Quality;

/// <summary>Reads llama.cpp's base file for KL divergence; see <see cref="LogProbabilityWriter"/>.</summary>
public sealed class LogProbabilityReader : IDisposable
{
    private const int HeaderBytes = 20;

    private readonly FileStream _stream;
    private readonly ushort[] _row;
    private readonly string _path;

    private LogProbabilityReader(FileStream stream, string path, int context, int vocabulary, int chunks, int[] tokens, int bos)
    {
        _stream = stream;
        _path = path;
        VocabularySize = vocabulary;
        _row = new ushort[PackedLogProbabilities.Words(vocabulary)];
        Text = new TextChunks(tokens, context, chunks, bos);
    }

    /// <summary>The text that the base model read, in the same chunks.</summary>
    public TextChunks Text { get; }

    /// <summary>Tokens in the base model's vocabulary.</summary>
    public int VocabularySize { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="bos">Token that replaces the first of each chunk, or −1; the file does not say.</param>
    /// <exception cref="InputException">Not such a file, or its sizes do not fit its length.</exception>
    public static LogProbabilityReader Open(string path, int bos)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; make it with --kl-divergence-base FILE on the base model");
        RegularFile.Check(path, "a file of log-probabilities");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (
                stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes
                || !header[..8].SequenceEqual(LogProbabilityWriter.Magic)
            )
                throw new InputException($"{path}: does not look like a file of log-probabilities (it should begin with _logits_)");
            var sizes = MemoryMarshal.Cast<byte, int>(header[8..]);
            int context = sizes[0],
                vocabulary = sizes[1],
                chunks = sizes[2];
            if (context is < 4 or > 1 << 24 || vocabulary is < 1 or > 1 << 24 || chunks < 1)
                throw new InputException(
                    $"{path}: context {context}, vocabulary {vocabulary} and {chunks} chunks are not possible; write the file again"
                );
            var scored = context - 1 - (context / 2);
            var expected =
                HeaderBytes + ((decimal)chunks * ((4m * context) + ((decimal)scored * 2 * PackedLogProbabilities.Words(vocabulary))));
            if (expected != stream.Length)
                throw new InputException(
                    $"{path}: {stream.Length} bytes where {chunks} chunks of {context} tokens take {expected}; "
                        + "the file is cut or altered, write it again"
                );
            var tokens = new int[context * chunks];
            stream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
            foreach (var token in tokens)
                if ((uint)token >= (uint)vocabulary)
                    throw new InputException($"{path}: token id {token} is outside its vocabulary of {vocabulary}; write the file again");
            return new LogProbabilityReader(stream, path, context, vocabulary, chunks, tokens, bos);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The next row; good until the next call.</summary>
    /// <exception cref="InputException">A row whose scale or least value is not finite.</exception>
    public ReadOnlySpan<ushort> Next()
    {
        _stream.ReadExactly(MemoryMarshal.AsBytes(_row.AsSpan()));
        var (scale, least) = PackedLogProbabilities.Range(_row);
        return float.IsFinite(scale) && float.IsFinite(least)
            ? _row
            : throw new InputException($"{_path}: a row before byte {_stream.Position} is not finite; write the file again");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
