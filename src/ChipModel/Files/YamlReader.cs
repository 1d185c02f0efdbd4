namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Strict YAML: underscored names, unknown and duplicate keys refused, required members enforced, a <c>base:</c> key that names a
/// parent file in the same folder whose mappings are merged under the child's, and errors as <c>file:line: what</c>.
/// </summary>
public static class YamlReader
{
    /// <summary>Largest description that is read: people write them.</summary>
    public const long MaximumBytes = 4L << 20;

    /// <summary>Largest <c>chip.yaml</c>: it has a line for every matrix, and mixtures of experts have tens of thousands.</summary>
    public const long MaximumImageBytes = 64L << 20;

    /// <summary>Called with one line for each former key that is read, from any thread and once for each reading of the file. The program
    /// that talks to the user sets it; libraries do not print.</summary>
    public static Action<string>? FormerKeyRead { get; set; }

    /// <summary>Reads a file, resolves its bases, applies overrides and binds it to <typeparamref name="T"/>.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="overrides">Dotted paths and the scalar that replaces the one in the file, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <param name="library">Folder in which a base is looked for when it is not beside the file.</param>
    /// <exception cref="InputException">The file is missing, malformed, or does not fit the record.</exception>
    public static T Read<T>(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null) =>
        ParsedYaml.Load(path, library).Bind<T>(overrides);

    /// <summary>Reads the description of a chip image, which has no base.</summary>
    /// <inheritdoc cref="Read"/>
    public static T ReadImage<T>(string path) =>
        ParsedYaml.Parse(RegularFile.ReadText(path, MaximumImageBytes, "the description of a chip image"), path).Bind<T>();

    /// <summary>Top-level keys of a file and its bases; empty when it is no mapping. Says what kind of description a file holds.</summary>
    public static IReadOnlySet<string> Keys(string path, string? library = null)
    {
        try
        {
            return ParsedYaml.Load(path, library).Keys;
        }
        catch (InputException)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }

    /// <summary>Texts under some top-level keys: their values, and where those are mappings of mappings, the <c>name</c> in each.</summary>
    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static IReadOnlyList<string> Names(string path, params ReadOnlySpan<string> keys) =>
        ParsedYaml.Parse(RegularFile.ReadText(path, MaximumImageBytes, "a description"), path).Names(keys);

    /// <summary>Binds YAML text that has no base.</summary>
    public static T Parse<T>(string text, string name) => ParsedYaml.Parse(text, name).Bind<T>();
}
