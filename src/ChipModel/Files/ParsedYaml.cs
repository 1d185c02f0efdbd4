using TaalasSim.ChipModel.Languages;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>
/// A YAML file that was parsed once, with its bases merged under it. It binds to records any number of times, each time with other values
/// in place of those in the file; nothing is read from disk again. Safe to use from several threads.
/// </summary>
public sealed class ParsedYaml
{
    private const int MaximumBaseDepth = 8;

    private readonly YamlMappingNode _root;

    private ParsedYaml(string path, YamlMappingNode root) => (Path, _root) = (path, root);

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>Top-level keys of the file and its bases.</summary>
    public IReadOnlySet<string> Keys =>
        _root.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "").ToHashSet(StringComparer.Ordinal);

    /// <summary>Parses a file and its bases.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="library">Folder in which a base is looked for when it is not beside the file.</param>
    /// <exception cref="InputException">The file or a base is missing or malformed.</exception>
    public static ParsedYaml Load(string path, string? library = null) => new(path, ReadMerged(path, 0, library));

    internal IReadOnlyList<string> Names(ReadOnlySpan<string> keys)
    {
        var names = new List<string>();
        foreach (var key in keys)
            if (_root.Children.TryGetValue(key, out var value))
                names.AddRange(
                    value is YamlMappingNode map
                        ? map
                            .Children.Values.OfType<YamlMappingNode>()
                            .Select(m => m.Children.TryGetValue("name", out var name) ? name : value)
                            .OfType<YamlScalarNode>()
                            .Select(n => n.Value ?? "")
                        : [(value as YamlScalarNode)?.Value ?? ""]
                );
        return names;
    }

    /// <summary>Parses text that has no base.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Its name in messages.</param>
    public static ParsedYaml Parse(string text, string name) => new(name, ParseRoot(text, name));

    /// <summary>The record that the file describes.</summary>
    /// <param name="overrides">Dotted paths and the value that replaces the one in the file, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <exception cref="InputException">A path is not in the file, or a value does not suit its field.</exception>
    public T Bind<T>(IReadOnlyDictionary<string, string>? overrides = null)
    {
        try
        {
            return YamlBinder.Instance.Deserialize<T>(new NodeParser(_root, Replaced(overrides)))
                ?? throw new InputException($"{Path}: is empty");
        }
        catch (YamlException e)
        {
            throw Fault(Path, e);
        }
    }

    /// <summary>Checks that a field can be overridden.</summary>
    /// <param name="field">Dotted path.</param>
    /// <exception cref="InputException">No such field, or it is not a single value.</exception>
    public void CheckField(string field) => Replace([], field, "");

    private Dictionary<(YamlMappingNode, string), string> Replaced(IReadOnlyDictionary<string, string>? overrides)
    {
        var replaced = new Dictionary<(YamlMappingNode, string), string>(NodeParser.ByPlace);
        foreach (var (field, value) in overrides ?? new Dictionary<string, string>())
        {
            if (NameGate.Fault(value, NameGate.LongestText) is { } fault)
                throw new InputException($"{Path}: the value for '{field}' {fault}");
            Replace(replaced, field, value);
        }

        return replaced;
    }

    private void Replace(Dictionary<(YamlMappingNode, string), string> replaced, string field, string value)
    {
        var node = _root;
        string[] parts = [.. field.Split('.').Select(part => FormerKeys.Present(part, YamlReader.FormerKeyRead))];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!node.Children.TryGetValue(parts[i], out var child))
                throw new InputException($"{Path}: no field '{field}' to vary; '{parts[i]}' does not exist");
            if (i < parts.Length - 1)
            {
                node = child as YamlMappingNode ?? throw new InputException($"{Path}: field '{field}': '{parts[i]}' has no fields");
            }
            else if (child is YamlMappingNode constant && constant.Children.ContainsKey("value"))
            {
                // A varied constant is exact: its interval closes around the new value.
                foreach (var bound in new[] { "value", "low", "high" })
                    if (constant.Children.ContainsKey(bound))
                        replaced[(constant, bound)] = value;
            }
            else if (child is YamlScalarNode)
            {
                replaced[(node, parts[i])] = value;
            }
            else
            {
                throw new InputException($"{Path}: field '{field}' is not a single value");
            }
        }
    }

    private static YamlMappingNode ReadMerged(string path, int depth, string? library)
    {
        if (depth > MaximumBaseDepth)
            throw new InputException($"{path}: more than {MaximumBaseDepth} levels of 'base'; does it name itself?");
        var root = ParseRoot(ReadText(path), path);
        if (!root.Children.TryGetValue("base", out var parent))
            return root;
        if (
            parent is not YamlScalarNode { Value: { Length: > 0 } name }
            || name.AsSpan().IndexOfAny('/', '\\') >= 0
            || name.StartsWith('.')
        )
            throw new InputException(
                $"{path}:{parent.Start.Line}: 'base' must name a file of the same folder, without folder or extension"
            );
        root.Children.Remove("base");
        var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? ".", name + ".yaml");
        var baseRoot = ReadMerged(
            library is null || File.Exists(beside) ? beside : System.IO.Path.Combine(library, name + ".yaml"),
            depth + 1,
            library
        );
        return Merge(baseRoot, root);
    }

    private static string ReadText(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new InputException($"{path}: no such file");
            if (info.Length > YamlReader.MaximumBytes)
                throw new InputException($"{path}: {info.Length} bytes is too large for a description (at most {YamlReader.MaximumBytes})");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static YamlMappingNode ParseRoot(string text, string name)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root =
                stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode map
                    ? map
                    : throw new InputException($"{name}: expected one mapping of keys to values");
            YamlNames.Check(root, name);
            FormerKeys.Rename(root, name, YamlReader.FormerKeyRead);
            return root;
        }
        catch (YamlException e)
        {
            throw Fault(name, e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{name}: not YAML: {OneLine(e.Message)}", e);
        }
    }

    private static YamlMappingNode Merge(YamlMappingNode lower, YamlMappingNode upper)
    {
        foreach (var (key, value) in upper.Children)
        {
            if (value is YamlMappingNode child && lower.Children.TryGetValue(key, out var below) && below is YamlMappingNode belowMap)
                lower.Children[key] = Merge(belowMap, child);
            else
                lower.Children[key] = value;
        }

        return lower;
    }

    private static InputException Fault(string name, YamlException e)
    {
        Exception cause = e;
        while (cause.InnerException is not null && cause.InnerException is not NullReferenceException)
            cause = cause.InnerException;
        var line = cause is YamlException { Start.Line: > 0 } inner ? inner.Start.Line : e.Start.Line;
        return new InputException($"{name}:{line}: {OneLine(cause.Message)}", e);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
