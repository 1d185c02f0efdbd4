using System.Globalization;
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

    // What was said about a real thing belongs to the file that describes it: a file derived from it describes another.
    private const string NotInherited = "published";

    private readonly YamlMappingNode _root;

    // File of each node that comes from another file than Path.
    private readonly Dictionary<YamlNode, string> _files;

    private ParsedYaml(string path, YamlMappingNode root, Dictionary<YamlNode, string> files) =>
        (Path, _root, _files) = (path, root, files);

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>Top-level keys of the file and its bases.</summary>
    public IReadOnlySet<string> Keys =>
        _root.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "").ToHashSet(StringComparer.Ordinal);

    /// <summary>Parses a file and its bases.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="library">Folder in which a base is looked for when it is not beside the file.</param>
    /// <exception cref="InputException">The file or a base is missing or malformed.</exception>
    public static ParsedYaml Load(string path, string? library = null)
    {
        var files = new Dictionary<YamlNode, string>(ReferenceEqualityComparer.Instance);
        return new(path, ReadMerged(path, 0, library, files), files);
    }

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
    public static ParsedYaml Parse(string text, string name) => new(name, ParseRoot(text, name), []);

    /// <summary>The record that the file describes, checked (<see cref="DescriptionCheck"/>).</summary>
    /// <param name="overrides">Dotted paths and the value that replaces the one in the file, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <exception cref="InputException">A path is not in the file, or a value does not suit its field.</exception>
    public T Bind<T>(IReadOnlyDictionary<string, string>? overrides = null)
    {
        // Marks of events have room for a number: that of the file or replaced field they come from.
        var places = new YamlPlaces(Path, _files);
        T bound;
        try
        {
            bound = YamlBinder.Instance.Deserialize<T>(new NodeParser(_root, Replaced(overrides, places), places))
                ?? throw new InputException($"{Path}: is empty");
        }
        catch (YamlException e)
        {
            throw Fault(places, e);
        }

        var faults = DescriptionCheck.Faults(bound);
        if (faults.Count == 0)
            return bound;
        if (
            overrides is not null
            && faults
                .SelectMany(f => f.Fields)
                .Select(f => overrides.Keys.FirstOrDefault(o => Within(f, o)))
                .FirstOrDefault(o => o is not null)
                is { } field
        )
            throw InputException.OfReplaced(Path, field, DescriptionCheck.Told(faults));
        throw new InputException(Located(faults));
    }

    /// <summary>The faults in one line that begins with the place of the first; those of other lines say so.</summary>
    private string Located(IReadOnlyList<FieldFault> faults)
    {
        var (file, line) = PlaceOf(faults[0].Fields[0]);
        return $"{file}:{line}: "
            + DescriptionCheck.Told([
                .. faults.Select(f =>
                    PlaceOf(f.Fields[0]) is var place && place == (file, line) ? f
                    : place.File == file ? f with { Text = $"{f.Text} (line {place.Line})" }
                    : f with { Text = $"{f.Text} ({place.File}:{place.Line})" }
                ),
            ]);
    }

    /// <summary>File and line of a field; of what encloses it when it is not in the file.</summary>
    /// <param name="field">Dotted path; items of lists by number, e.g. <c>vary[2].field</c>.</param>
    public (string File, long Line) PlaceOf(string field)
    {
        YamlNode node = _root;
        foreach (var part in field.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            var child = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(part, out var value) ? value : null,
                YamlSequenceNode list => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
                && i < list.Children.Count
                    ? list.Children[i]
                    : null,
                _ => null,
            };
            if (child is null)
                break;
            node = child;
        }

        return (_files.GetValueOrDefault(node, Path), Math.Max(1, node.Start.Line));
    }

    private static bool Within(string field, string enclosing) =>
        field.StartsWith(enclosing, StringComparison.Ordinal) && (field.Length == enclosing.Length || field[enclosing.Length] == '.');

    /// <summary>Checks that a field can be overridden.</summary>
    /// <param name="field">Dotted path.</param>
    /// <exception cref="InputException">No such field, or it is not a single value.</exception>
    public void CheckField(string field) => Replace(new(NodeParser.ByPlace), field, ("", 0));

    private Dictionary<(YamlMappingNode, string), (string Text, int Place)> Replaced(
        IReadOnlyDictionary<string, string>? overrides,
        YamlPlaces places
    )
    {
        var replaced = new Dictionary<(YamlMappingNode, string), (string, int)>(NodeParser.ByPlace);
        foreach (var (field, value) in overrides ?? new Dictionary<string, string>())
        {
            if (NameGate.Fault(value, NameGate.LongestText) is { } fault)
                throw InputException.OfReplaced(Path, field, $"the value for '{field}' {fault}");
            Replace(replaced, field, (value, places.OfReplaced(field)));
        }

        return replaced;
    }

    private void Replace(Dictionary<(YamlMappingNode, string), (string, int)> replaced, string field, (string, int) value)
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

    private static YamlMappingNode ReadMerged(string path, int depth, string? library, Dictionary<YamlNode, string> files)
    {
        if (depth > MaximumBaseDepth)
            throw new InputException($"{path}: more than {MaximumBaseDepth} levels of 'base'; does it name itself?");
        var text = RegularFile.ReadText(path, YamlReader.MaximumBytes, "a description");
        if (FileKind.SentenceOfNoText(path, "a description in YAML") is { } other)
            throw new InputException($"{path}: {other}");
        var root = ParseRoot(text, path);
        if (depth > 0)
            foreach (var node in root.AllNodes)
                files[node] = path;
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
            library,
            files
        );
        baseRoot.Children.Remove(NotInherited);
        return Merge(baseRoot, root);
    }

    private static YamlMappingNode ParseRoot(string text, string name)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new BoundedYamlParser(new StringReader(text)));
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
            throw Fault(new YamlPlaces(name), e);
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

    private static InputException Fault(YamlPlaces places, YamlException e)
    {
        Exception cause = e;
        while (cause.InnerException is not null && cause.InnerException is not NullReferenceException)
            cause = cause.InnerException;
        var mark = cause is YamlException { Start.Line: > 0 } inner ? inner.Start : e.Start;
        var text = YamlFaultWords.Of(cause.Message);
        return places.ReplacedBy(mark) is { } field
            ? InputException.OfReplaced(places.FileOf(mark), field, $"{field}: {text}", e)
            : new InputException($"{places.FileOf(mark)}:{mark.Line}: {text}", e);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
