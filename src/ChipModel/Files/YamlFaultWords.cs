using System.Text.RegularExpressions;

namespace TaalasSim.ChipModel.Files;

/// <summary>Faults that the YAML library finds, in words of the file: no name of a type of the program reaches a user.</summary>
internal static partial class YamlFaultWords
{
    /// <summary>The fault in one line.</summary>
    /// <param name="message">The library's message.</param>
    public static string Of(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim();
        if (UnknownKey().Match(text) is { Success: true } unknown)
            return Unknown(unknown.Groups["key"].Value, unknown.Groups["type"].Value);
        if (MissingKeys().Match(text) is { Success: true } missing)
            return $"without {missing.Groups["keys"].Value.Replace(",", ", ", StringComparison.Ordinal)}; add what is missing";
        if (text.StartsWith("Strict nullability", StringComparison.Ordinal))
            return "the key has no value; give one or leave the key out";
        if (text.StartsWith("Expected 'Scalar'", StringComparison.Ordinal))
            return "a list or a mapping is where a key belongs; a key is a word";
        // Whatever else it says of the program's insides.
        return TypeName().IsMatch(text) ? "a value does not suit its key" : text;
    }

    private static string Unknown(string key, string typeName)
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(typeName)).FirstOrDefault(t => t is not null);
        string[] known = type is null ? [] : [.. DescriptionField.Of(type).Select(field => field.Name)];
        var hint = NearestName.Hint(key, known);
        return $"unknown key '{key}'{(hint.Length > 0 || known.Length == 0 ? hint : "; known are " + string.Join(", ", known))}";
    }

    [GeneratedRegex("^Property '(?<key>.*)' not found on type '(?<type>[^']*)'")]
    private static partial Regex UnknownKey();

    [GeneratedRegex("^Missing properties, '(?<keys>[^']*)' in source yaml")]
    private static partial Regex MissingKeys();

    [GeneratedRegex(@"\b(System|TaalasSim|YamlDotNet)\.[A-Z]")]
    private static partial Regex TypeName();
}
