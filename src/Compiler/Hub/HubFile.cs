namespace TaalasSim.Compiler.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Path in the repository, with forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="GitId">SHA-1 that git gives its entry.</param>
/// <param name="Sha256">SHA-256 of a file in large-file storage; null for one that git holds.</param>
public sealed record HubFile(string Path, long Size, string GitId, string? Sha256)
{
    /// <summary>Name of its blob in the cache: the digest that its content must have.</summary>
    public string Digest => Sha256 ?? GitId;
}
