using System.Text;
using System.Text.RegularExpressions;

namespace TaalasSim.ChipModel.Files;

/// <summary>A description with the meaning, range and unit of every key above it: an example that people change.</summary>
public static partial class CommentedYaml
{
    private const int Width = 120;

    /// <summary>Writes a description; <see cref="YamlReader"/> reads it back.</summary>
    /// <param name="value">Description; keys that it leaves out are comments.</param>
    public static string Write<T>(T value)
        where T : class
    {
        var text = new StringBuilder();
        var lines = YamlText.Write(value).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var path = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (KeyLine().Match(lines[i]) is not { Success: true } match)
            {
                text.Append(lines[i]).Append('\n');
                continue;
            }

            var depth = match.Groups["indent"].Length / 2;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(match.Groups["key"].Value);
            var field = DescriptionField.Find(typeof(T), string.Join('.', path));
            if (field is not null)
                Comment(text, match.Groups["indent"].Value, field);
            var empty = match.Groups["rest"].Value.Trim().Length == 0 && !IsDeeper(lines, i);
            if (empty)
                Absent(text, match.Groups["indent"].Value, path[^1], field?.Type);
            else
                text.Append(lines[i]).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsDeeper(string[] lines, int at) => at + 1 < lines.Length && Indent(lines[at + 1]) > Indent(lines[at]);

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static void Comment(StringBuilder text, string indent, DescriptionField field)
    {
        var meaning = YamlSchema.Description(field);
        if (field.Range is { } range && !meaning.Contains(range.Text, StringComparison.Ordinal))
            meaning = $"{meaning} {range.Text}.";
        var line = new StringBuilder(indent).Append('#');
        foreach (var word in meaning.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length >= Width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(indent).Append('#');
            }

            line.Append(' ').Append(word);
        }

        text.Append(line).Append('\n');
    }

    // A section that the example leaves out is told key by key.
    private static void Absent(StringBuilder text, string indent, string key, Type? type)
    {
        text.Append(indent).Append("# ").Append(key).Append(":\n");
        if (type is null || !DescriptionField.IsRecord(type))
            return;
        foreach (var field in DescriptionField.Of(type))
        {
            Comment(text, indent + "#   ", field);
            Absent(text, indent + "#   ", field.Name, field.Type);
        }
    }

    [GeneratedRegex(@"^(?<indent>(  )*)(?<key>[a-z][a-z0-9_]*):(?<rest>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyLine();
}
