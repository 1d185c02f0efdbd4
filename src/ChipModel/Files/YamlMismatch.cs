using System.Reflection;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>What the YAML library says when keys and a record do not match, in words for the person who wrote the file.</summary>
internal static partial class YamlMismatch
{
    /// <summary>The library's text, in one line; of unknown and missing keys it becomes what to write instead.</summary>
    /// <param name="text">Message of the library.</param>
    public static string Told(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (Unknown().Match(line) is { Success: true } unknown)
        {
            var key = unknown.Groups["key"].Value;
            return $"unknown key '{key}'{NearestName.Hint(key, KeysOf(unknown.Groups["type"].Value))}";
        }

        return Missing().Match(line) is { Success: true } missing
            ? $"missing keys: {missing.Groups["keys"].Value.Replace(",", ", ", StringComparison.Ordinal)}"
            : line;
    }

    private static IEnumerable<string> KeysOf(string type) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(type))
            .FirstOrDefault(found => found is not null)
            ?.GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => property.GetCustomAttribute<YamlMemberAttribute>()?.Alias ?? UnderscoredNames.Instance.Apply(property.Name))
        ?? [];

    [GeneratedRegex("^Property '(?<key>.*)' not found on type '(?<type>[^']*)'\\.?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex("^Missing properties, '(?<keys>[^']*)' in source yaml\\.?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Missing();
}
