using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TaalasSim.ChipModel.Files;

/// <summary>Parser events of a text, refused before a tree is built of them when they nest deeply, refer to one another or are too
/// many.</summary>
/// <param name="text">YAML.</param>
internal sealed class BoundedYamlParser(TextReader text) : IParser
{
    /// <summary>Deepest nesting of a description.</summary>
    public const int MaximumDepth = 32;

    private const int MaximumNodes = 4_000_000;

    private readonly Parser _inner = new(text);
    private int _depth;
    private int _nodes;

    /// <inheritdoc/>
    public ParsingEvent? Current => _inner.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (!_inner.MoveNext())
            return false;
        var current = _inner.Current!;
        _depth += current.NestingIncrease;
        // The document and the stream nest as well.
        if (_depth > MaximumDepth + 2)
            throw new YamlException(current.Start, current.End, $"nested more than {MaximumDepth} deep");
        if (current is AnchorAlias)
            throw new YamlException(current.Start, current.End, "an alias (*name) is not allowed; write the value again");
        if (current is NodeEvent { Anchor.IsEmpty: false })
            throw new YamlException(current.Start, current.End, "an anchor (&name) is not allowed");
        if (current is NodeEvent && ++_nodes > MaximumNodes)
            throw new YamlException(current.Start, current.End, $"more than {MaximumNodes} keys and values");
        return true;
    }
}
