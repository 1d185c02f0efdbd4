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

    /// <summary>Called with one line for each former key that is read (<see cref="FormerKeyAttribute"/>), from any thread and once for each
    /// reading of the file. The program that talks to the user listens; libraries do not print.</summary>
    public static Action<string>? FormerKeyRead { get; set; }

    /// <summary>Reads a file, resolves its bases, applies overrides and binds it to <typeparamref name="T"/>.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="overrides">Dotted paths and the scalar that replaces what stands there, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <exception cref="InputException">The file is missing, malformed, or does not fit the record.</exception>
    /// <param name="library">Folder in which a base is looked for when it does not stand beside the file.</param>
    public static T Read<T>(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null)
    {
        var root = ReadMerged(path, 0, library, typeof(T));
        foreach (var (key, value) in overrides ?? new Dictionary<string, string>())
            Override(root, FormerKeys.Present(key, typeof(T), FormerKeyRead), value, path);
        return Bind<T>(root, path);
    }

    /// <summary>Top-level keys of a file and its bases; empty when it is no mapping. Says what kind of description a file holds.</summary>
    public static IReadOnlySet<string> Keys(string path, string? library = null)
    {
        try
        {
            return ReadMerged(path, 0, library, typeof(object))
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
    public static T Parse<T>(string text, string name) => Bind<T>(ParseRoot(text, name, typeof(T)), name);

    /// <summary>Refuses a field that a file and its bases do not have, or that is not one value.</summary>
    /// <typeparam name="T">What the file describes.</typeparam>
    /// <param name="path">File to read.</param>
    /// <param name="key">Dotted path of the field, e.g. <c>bank.rows</c>.</param>
    /// <exception cref="InputException">The file is malformed, or the field cannot be varied.</exception>
    public static void CheckField<T>(string path, string key) =>
        Override(ReadMerged(path, 0, null, typeof(T)), FormerKeys.Present(key, typeof(T), FormerKeyRead), "0", path);

    private static YamlMappingNode ReadMerged(string path, int depth, string? library, Type type)
    {
        if (depth > MaximumBaseDepth)
            throw new InputException($"{path}: more than {MaximumBaseDepth} levels of 'base'; does it name itself?");
        var root = ParseRoot(ReadText(path), path, type);
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
            library,
            type
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

    private static YamlMappingNode ParseRoot(string text, string name, Type type)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root =
                stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode map
                    ? map
                    : throw new InputException($"{name}: expected one mapping of keys to values");
            FormerKeys.Rename(root, type, name, FormerKeyRead);
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
