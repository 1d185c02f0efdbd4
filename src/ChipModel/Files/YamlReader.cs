using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Strict YAML: underscored names, unknown and duplicate keys refused, required members enforced, a <c>base:</c> key that names a
/// parent file in the same folder whose mappings are merged under the child's, and errors as <c>file:line: what</c>.
/// </summary>
public static class YamlReader
{
    /// <summary>Largest YAML file that is read: descriptions are written by people.</summary>
    public const long MaximumBytes = 64L << 20;

    private const int MaximumBaseDepth = 8;

    /// <summary>Reads a file, resolves its bases, applies overrides and binds it to <typeparamref name="T"/>.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="overrides">Dotted paths and the scalar that replaces the value there, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <exception cref="InputException">The file is missing, malformed, or does not fit the record.</exception>
    /// <param name="library">Folder in which a base is searched if it is not in the file's folder.</param>
    public static T Read<T>(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null)
    {
        var root = ReadMerged(path, 0, library);
        foreach (var (key, value) in overrides ?? new Dictionary<string, string>())
            Override(root, key, value, path);
        return Bind<T>(root, path);
    }

    /// <summary>Top-level keys of a file and its bases; empty when it is no mapping. Says what kind of description a file holds.</summary>
    public static IReadOnlySet<string> Keys(string path, string? library = null)
    {
        try
        {
            return ReadMerged(path, 0, library)
                .Children.Keys.OfType<YamlScalarNode>()
                .Select(k => k.Value ?? "")
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (InputException)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }

    /// <summary>Binds YAML text that has no base.</summary>
    public static T Parse<T>(string text, string name) => Bind<T>(ParseRoot(text, name), name);

    /// <summary>The merged tree of a file as YAML text; for images that carry their own description.</summary>
    public static string MergedText(string path, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var root = ReadMerged(path, 0, null);
        foreach (var (key, value) in overrides ?? new Dictionary<string, string>())
            Override(root, key, value, path);
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        return writer.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
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
        var beside = Path.Combine(Path.GetDirectoryName(path) ?? ".", name + ".yaml");
        var baseRoot = ReadMerged(
            library is null || File.Exists(beside) ? beside : Path.Combine(library, name + ".yaml"),
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
            if (info.Length > MaximumBytes)
                throw new InputException($"{path}: {info.Length} bytes is too large for a description (at most {MaximumBytes})");
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
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode map
                ? map
                : throw new InputException($"{name}: expected one mapping of keys to values");
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

    private static void Override(YamlMappingNode root, string key, string value, string path)
    {
        var node = root;
        var parts = key.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (!node.Children.TryGetValue(parts[i], out var child))
                throw new InputException($"{path}: no field '{key}' to vary; '{parts[i]}' does not exist");
            if (i < parts.Length - 1)
            {
                node = child as YamlMappingNode ?? throw new InputException($"{path}: field '{key}': '{parts[i]}' has no fields");
            }
            else if (child is YamlMappingNode constant && constant.Children.ContainsKey("value"))
            {
                // A varied constant is exact: its interval closes around the new value.
                foreach (var bound in new[] { "value", "low", "high" })
                    if (bound == "value" || constant.Children.ContainsKey(bound))
                        constant.Children[bound] = new YamlScalarNode(value);
            }
            else if (child is YamlScalarNode)
            {
                node.Children[parts[i]] = new YamlScalarNode(value);
            }
            else
            {
                throw new InputException($"{path}: field '{key}' is not a single value");
            }
        }
    }

    private static T Bind<T>(YamlMappingNode root, string name)
    {
        var deserializer = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNames.Instance)
            .WithEnumNamingConvention(UnderscoredNames.Instance)
            .WithNodeDeserializer(new ReadOnlyLists(), where => where.OnTop())
            .WithEnforceRequiredMembers()
            .WithEnforceNullability()
            .WithDuplicateKeyChecking()
            .Build();
        try
        {
            return deserializer.Deserialize<T>(new NodeParser(root)) ?? throw new InputException($"{name}: is empty");
        }
        catch (YamlException e)
        {
            throw Fault(name, e);
        }
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

    /// <summary>Binds read-only lists of anything, which the library leaves alone.</summary>
    private sealed class ReadOnlyLists : INodeDeserializer
    {
        public bool Deserialize(
            IParser reader,
            Type expectedType,
            Func<IParser, Type, object?> nestedObjectDeserializer,
            out object? value,
            ObjectDeserializer rootDeserializer
        )
        {
            value = null;
            if (!expectedType.IsGenericType || expectedType.GetGenericTypeDefinition() != typeof(IReadOnlyList<>))
                return false;
            value = nestedObjectDeserializer(reader, typeof(List<>).MakeGenericType(expectedType.GetGenericArguments()));
            return true;
        }
    }
}
