using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Replays a YAML tree as parser events that keep each node's line, so that binding errors point into the file.</summary>
internal sealed class NodeParser(YamlNode root) : IParser
{
    private const int MaximumDepth = 100;

    private readonly IEnumerator<ParsingEvent> _events = Events(root).GetEnumerator();

    public ParsingEvent? Current { get; private set; }

    public bool MoveNext()
    {
        var more = _events.MoveNext();
        Current = more ? _events.Current : null;
        return more;
    }

    private static IEnumerable<ParsingEvent> Events(YamlNode node)
    {
        yield return new StreamStart();
        yield return new DocumentStart();
        foreach (var item in Node(node, 0))
            yield return item;
        yield return new DocumentEnd(isImplicit: true);
        yield return new StreamEnd();
    }

    private static IEnumerable<ParsingEvent> Node(YamlNode node, int depth)
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
                    foreach (var item in Node(child, depth + 1))
                        yield return item;
                }

                yield return new SequenceEnd(node.End, node.End);
                break;
            case YamlMappingNode map:
                yield return new MappingStart(AnchorName.Empty, TagName.Empty, true, map.Style, node.Start, node.End);
                foreach (var (key, value) in map.Children)
                {
                    foreach (var item in Node(key, depth + 1))
                        yield return item;
                    foreach (var item in Node(value, depth + 1))
                        yield return item;
                }

                yield return new MappingEnd(node.End, node.End);
                break;
            default:
                throw new YamlException(node.Start, node.End, "an alias or tag is not allowed here");
        }
    }
}
