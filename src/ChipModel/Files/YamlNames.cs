using TaalasSim.ChipModel.Languages;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Lets no text of a description pass that a name may not hold: it ends up in Verilog, scripts, pages and on terminals.</summary>
internal static class YamlNames
{
    /// <summary>Checks keys and values of a tree.</summary>
    /// <param name="root">Tree of one file.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <exception cref="InputException">A text has a control character, or is too long; the message gives its line and key.</exception>
    public static void Check(YamlMappingNode root, string file)
    {
        // A node with an anchor occurs in several places; it is checked once.
        var seen = new HashSet<YamlNode>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(YamlNode Node, string Key)>([(root, "")]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next.Node))
                continue;
            switch (next.Node)
            {
                case YamlScalarNode { Value: { } text } scalar:
                    var longest = next.Key == "name" ? NameGate.LongestName : NameGate.LongestText;
                    if (NameGate.Fault(text, longest) is { } fault)
                        throw new InputException($"{file}:{scalar.Start.Line}: '{next.Key}' {fault}");
                    break;
                case YamlSequenceNode list:
                    foreach (var item in list.Children)
                        open.Push((item, next.Key));
                    break;
                case YamlMappingNode map:
                    foreach (var (key, value) in map.Children)
                    {
                        if (key is YamlScalarNode { Value: { } name } && NameGate.Fault(name) is { } wrong)
                            throw new InputException($"{file}:{key.Start.Line}: a key {wrong}");
                        open.Push((value, key is YamlScalarNode { Value: { } given } ? given : next.Key));
                    }

                    break;
            }
        }
    }
}
