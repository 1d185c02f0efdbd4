using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Where nodes of a merged tree come from: the number of their file, or of the field whose value was replaced, goes into the index
/// of an event's mark, which nothing else uses.</summary>
/// <param name="file">File of all nodes without another one.</param>
/// <param name="files">File of each node that comes from another one.</param>
internal sealed class YamlPlaces(string file, IReadOnlyDictionary<YamlNode, string>? files = null)
{
    private readonly List<(string? File, string? Replaced)> _places = [(file, null)];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [file] = 0 };

    /// <summary>Line and file of a node.</summary>
    public Mark Mark(YamlNode node)
    {
        if (files is not { Count: > 0 } || !files.TryGetValue(node, out var other))
            return Mark(node.Start, 0);
        if (!_numbers.TryGetValue(other, out var number))
        {
            _numbers[other] = number = _places.Count;
            _places.Add((other, null));
        }

        return Mark(node.Start, number);
    }

    /// <summary>A mark of the same line with the number of a place.</summary>
    public static Mark Mark(Mark line, int place) => new(place, Math.Max(1, line.Line), Math.Max(1, line.Column));

    /// <summary>Number for the value of a replaced field.</summary>
    public int OfReplaced(string field)
    {
        _places.Add((null, field));
        return _places.Count - 1;
    }

    /// <summary>File of a mark.</summary>
    public string FileOf(Mark mark) => At(mark).File ?? file;

    /// <summary>Field whose replaced value has that mark; null for what the file says.</summary>
    public string? ReplacedBy(Mark mark) => At(mark).Replaced;

    // Marks of the parser itself hold an offset in the text; there is one file then.
    private (string? File, string? Replaced) At(Mark mark) =>
        _places.Count > 1 && mark.Index < _places.Count ? _places[(int)mark.Index] : (file, null);
}
