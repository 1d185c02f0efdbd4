using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Replays a YAML tree as parser events that keep each node's line, so that binding errors point into the file.</summary>
/// <param name="root">Tree; it is only read.</param>
/// <param name="replaced">Values that take the place of scalars, by mapping and key, and where they come from.</param>
/// <param name="places">Files of the nodes.</param>
internal sealed class NodeParser(
    YamlNode root,
    IReadOnlyDictionary<(YamlMappingNode Map, string Key), (string Text, int Place)> replaced,
    YamlPlaces places
) : IParser
{
    private readonly IEnumerator<ParsingEvent> _events = Events(root, replaced, places).GetEnumerator();

    /// <summary>Compares places in a tree: the same mapping object and the same key. Nodes themselves compare by content.</summary>
    public static IEqualityComparer<(YamlMappingNode, string)> ByPlace { get; } = new PlaceComparer();

    public ParsingEvent? Current { get; private set; }

    public bool MoveNext()
    {
        var more = _events.MoveNext();
        Current = more ? _events.Current : null;
        return more;
    }

    private static IEnumerable<ParsingEvent> Events(
        YamlNode node,
        IReadOnlyDictionary<(YamlMappingNode, string), (string, int)> replaced,
        YamlPlaces places
    )
    {
        yield return new StreamStart();
        yield return new DocumentStart();
        foreach (var item in Node(node, replaced, places))
            yield return item;
        yield return new DocumentEnd(isImplicit: true);
        yield return new StreamEnd();
    }

    private static Scalar Scalar(string text, ScalarStyle style, Mark start) =>
        new(AnchorName.Empty, TagName.Empty, text, style, true, true, start, start);

    // The tree is no deeper than BoundedYamlParser lets it be.
    private static IEnumerable<ParsingEvent> Node(
        YamlNode node,
        IReadOnlyDictionary<(YamlMappingNode, string), (string Text, int Place)> replaced,
        YamlPlaces places
    )
    {
        var start = places.Mark(node);
        switch (node)
        {
            case YamlScalarNode scalar:
                yield return Scalar(scalar.Value ?? "", scalar.Style, start);
                break;
            case YamlSequenceNode list:
                yield return new SequenceStart(AnchorName.Empty, TagName.Empty, true, list.Style, start, start);
                foreach (var child in list.Children)
                {
                    // What is listed is never nothing; as null it would go where no null is expected.
                    if (child is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" })
                        throw new YamlException(
                            places.Mark(child),
                            places.Mark(child),
                            "an item of the list is empty; fill it in or remove it"
                        );
                    foreach (var item in Node(child, replaced, places))
                        yield return item;
                }

                yield return new SequenceEnd(start, start);
                break;
            case YamlMappingNode map:
                yield return new MappingStart(AnchorName.Empty, TagName.Empty, true, map.Style, start, start);
                foreach (var (key, value) in map.Children)
                {
                    foreach (var item in Node(key, replaced, places))
                        yield return item;
                    if (key is YamlScalarNode { Value: { } name } && replaced.TryGetValue((map, name), out var given))
                        yield return Scalar(given.Text, ScalarStyle.Plain, YamlPlaces.Mark(value.Start, given.Place));
                    else
                        foreach (var item in Node(value, replaced, places))
                            yield return item;
                }

                yield return new MappingEnd(start, start);
                break;
            default:
                throw new YamlException(start, start, "an alias is not allowed here");
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
