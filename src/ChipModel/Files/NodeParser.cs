using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Replays a YAML tree as parser events that keep each node's line, so that binding errors point into the file.</summary>
/// <param name="root">Tree; it is only read.</param>
/// <param name="replaced">Values that take the place of scalars, by mapping and key.</param>
internal sealed class NodeParser(YamlNode root, IReadOnlyDictionary<(YamlMappingNode Map, string Key), string> replaced) : IParser
{
    private const int MaximumDepth = 100;

    private readonly IEnumerator<ParsingEvent> _events = Events(root, replaced).GetEnumerator();

    /// <summary>Compares places in a tree: the same mapping object and the same key. Nodes themselves compare by content.</summary>
    public static IEqualityComparer<(YamlMappingNode, string)> ByPlace { get; } = new PlaceComparer();

    public ParsingEvent? Current { get; private set; }

    public bool MoveNext()
    {
        var more = _events.MoveNext();
        Current = more ? _events.Current : null;
        return more;
    }

    private static IEnumerable<ParsingEvent> Events(YamlNode node, IReadOnlyDictionary<(YamlMappingNode, string), string> replaced)
    {
        yield return new StreamStart();
        yield return new DocumentStart();
        foreach (var item in Node(node, 0, replaced))
            yield return item;
        yield return new DocumentEnd(isImplicit: true);
        yield return new StreamEnd();
    }

    private static IEnumerable<ParsingEvent> Node(YamlNode node, int depth, IReadOnlyDictionary<(YamlMappingNode, string), string> replaced)
    {
        if (depth > MaximumDepth)
            throw new YamlException(node.Start, node.End, $"nested more than {MaximumDepth} deep");
        switch (node)
        {
            case YamlScalarNode scalar:
                yield return new Scalar(
                    AnchorName.Empty,
                    TagName.Empty,
                    scalar.Value ?? "",
                    scalar.Style,
                    true,
                    true,
                    node.Start,
                    node.End
                );
                break;
            case YamlSequenceNode list:
                yield return new SequenceStart(AnchorName.Empty, TagName.Empty, true, list.Style, node.Start, node.End);
                foreach (var child in list.Children)
                {
                    // What is listed is never nothing; as null it would go where no null is expected.
                    if (child is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" })
                        throw new YamlException(child.Start, child.End, "an item of the list is empty; fill it in or remove it");
                    foreach (var item in Node(child, depth + 1, replaced))
                        yield return item;
                }

                yield return new SequenceEnd(node.End, node.End);
                break;
            case YamlMappingNode map:
                yield return new MappingStart(AnchorName.Empty, TagName.Empty, true, map.Style, node.Start, node.End);
                foreach (var (key, value) in map.Children)
                {
                    foreach (var item in Node(key, depth + 1, replaced))
                        yield return item;
                    var given =
                        key is YamlScalarNode { Value: { } name } && replaced.TryGetValue((map, name), out var text)
                            ? new YamlScalarNode(text)
                            : value;
                    foreach (var item in Node(given, depth + 1, replaced))
                        yield return item;
                }

                yield return new MappingEnd(node.End, node.End);
                break;
            default:
                throw new YamlException(node.Start, node.End, "an alias or tag is not allowed here");
        }
    }

    private sealed class PlaceComparer : IEqualityComparer<(YamlMappingNode Map, string Key)>
    {
        public bool Equals((YamlMappingNode Map, string Key) a, (YamlMappingNode Map, string Key) b) =>
            ReferenceEquals(a.Map, b.Map) && a.Key == b.Key;

        public int GetHashCode((YamlMappingNode Map, string Key) place) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(place.Map), place.Key);
    }
}
