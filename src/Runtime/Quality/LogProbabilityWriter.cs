using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// Writes llama.cpp's base file for KL divergence: "_logits_", i32 context, i32 vocabulary, i32 chunks, i32 tokens[chunks · context], then
/// one packed row per scored position. Little-endian, as llama.cpp writes it on the machines it is used on.
/// </summary>
public sealed class LogProbabilityWriter
{
    internal static ReadOnlySpan<byte> Magic => "_logits_"u8;

    private readonly Stream _stream;
    private readonly ushort[] _row;

    /// <summary>Starts a file; all chunks must follow.</summary>
    public LogProbabilityWriter(Stream stream, TextChunks text, int vocabulary)
    {
        _stream = stream;
        _row = new ushort[PackedLogProbabilities.Words(vocabulary)];
        stream.Write(Magic);
        stream.Write(MemoryMarshal.AsBytes<int>([text.Context, vocabulary, text.Count]));
        stream.Write(MemoryMarshal.AsBytes<int>([.. text.Tokens]));
    }

    /// <summary>Writes one position.</summary>
    /// <returns>−ln p(<paramref name="next"/>).</returns>
    public float Write(ReadOnlySpan<float> logits, int next)
    {
        var nll = PackedLogProbabilities.Pack(logits, next, _row);
        _stream.Write(MemoryMarshal.AsBytes<ushort>(_row));
        return nll;
    }
}
