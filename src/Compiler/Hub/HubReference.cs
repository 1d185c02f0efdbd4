using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Hub;

/// <summary>A model on the Hub: <c>hf:user/name[:QUANT]</c>.</summary>
/// <param name="Repository">Repository, <c>user/name</c>.</param>
/// <param name="Quant">Which GGUF file, such as <c>Q4_K_M</c>; null takes the usual one.</param>
public sealed record HubReference(string Repository, string? Quant)
{
    /// <summary>What such a reference begins with.</summary>
    public const string Prefix = "hf:";

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>A single file; null takes the model's files.</summary>
    public string? File { get; init; }

    /// <summary>Whether a name is meant for the Hub.</summary>
    public static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads <c>hf:user/name[:QUANT]</c>; a part that ends with .gguf names a file.</summary>
    /// <exception cref="InputException">It is malformed.</exception>
    public static HubReference Parse(string name)
    {
        var text = Is(name) ? name[Prefix.Length..] : name;
        var colon = text.IndexOf(':');
        var (repository, rest) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        RepositoryId.Check(repository);
        if (rest is { Length: 0 })
            throw new InputException($"{name}: nothing follows the colon; write {Prefix}{repository}:Q4_K_M, or leave the colon out");
        return rest is not null && rest.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            ? new HubReference(repository, null) { File = rest }
            : new HubReference(repository, rest);
    }
}
