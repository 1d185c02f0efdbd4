namespace TaalasSim.Compiler.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">File of the repository.</param>
/// <param name="Done">Bytes that have arrived.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="BytesPerSecond">Rate since the connection began.</param>
public sealed record HubProgress(string File, long Done, long Size, double BytesPerSecond);
