using System.Text;
using System.Text.RegularExpressions;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>The rules of JSON itself and of text formats, and how names and literals are written.</summary>
internal static partial class SchemaRules
{
    /// <summary>White space between tokens of JSON; bounded, or a model could fill the context with it.</summary>
    public const string Space = "| \" \" | \"\\n\"{1,2} [ \\t]{0,20}";

    private static readonly Dictionary<string, (string Content, string[] Needs)> Primitives = new(StringComparer.Ordinal)
    {
        ["boolean"] = ("(\"true\" | \"false\")", []),
        ["decimal-part"] = ("[0-9]{1,16}", []),
        ["integral-part"] = ("[0] | [1-9] [0-9]{0,15}", []),
        ["number"] = ("(\"-\"? integral-part) (\".\" decimal-part)? ([eE] [-+]? integral-part)?", ["integral-part", "decimal-part"]),
        ["integer"] = ("(\"-\"? integral-part)", ["integral-part"]),
        ["value"] = ("object | array | string | number | boolean | null", ["object", "array", "string", "number", "boolean", "null"]),
        ["object"] = ("\"{\" space ( string \":\" space value (\",\" space string \":\" space value)* )? space \"}\"", ["string", "value"]),
        ["array"] = ("\"[\" space ( value (\",\" space value)* )? space \"]\"", ["value"]),
        ["uuid"] = (
            "\"\\\"\" [0-9a-fA-F]{8} \"-\" [0-9a-fA-F]{4} \"-\" [0-9a-fA-F]{4} \"-\" [0-9a-fA-F]{4} \"-\" [0-9a-fA-F]{12} \"\\\"\"",
            []
        ),
        ["char"] = ("[^\"\\\\\\x7F\\x00-\\x1F] | [\\\\] ([\"\\\\bfnrt] | \"u\" [0-9a-fA-F]{4})", []),
        ["string"] = ("\"\\\"\" char* \"\\\"\"", ["char"]),
        ["null"] = ("\"null\"", []),
    };

    private static readonly Dictionary<string, (string Content, string[] Needs)> Formats = new(StringComparer.Ordinal)
    {
        ["date"] = ("[0-9]{4} \"-\" ( \"0\" [1-9] | \"1\" [0-2] ) \"-\" ( \"0\" [1-9] | [1-2] [0-9] | \"3\" [0-1] )", []),
        ["time"] = (
            "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] ( \".\" [0-9]{3} )? "
                + "( \"Z\" | ( \"+\" | \"-\" ) ( [01] [0-9] | \"2\" [0-3] ) \":\" [0-5] [0-9] )",
            []
        ),
        ["date-time"] = ("date \"T\" time", ["date", "time"]),
        ["date-string"] = ("\"\\\"\" date \"\\\"\"", ["date"]),
        ["time-string"] = ("\"\\\"\" time \"\\\"\"", ["time"]),
        ["date-time-string"] = ("\"\\\"\" date-time \"\\\"\"", ["date-time"]),
    };

    /// <summary>A rule of JSON or of a text format, with the rules that it needs.</summary>
    public static (string Content, string[] Needs)? Find(string name) =>
        Primitives.TryGetValue(name, out var rule) || Formats.TryGetValue(name, out rule) ? rule : null;

    /// <summary>Whether a type of JSON schema has a rule of its own.</summary>
    public static bool IsPrimitive(string type) => Primitives.ContainsKey(type);

    /// <summary>Whether a schema may not name a rule so.</summary>
    public static bool IsReserved(string name) => name == "root" || Find(name) is not null;

    /// <summary>Whether a format names a UUID of any version.</summary>
    public static bool IsUuid(string format) => Uuid().IsMatch(format);

    /// <summary>A name without the characters that a rule's name cannot have.</summary>
    public static string Name(string name) => NotInNames().Replace(name, "-");

    /// <summary>A text as a literal of a grammar.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
            literal.Append(
                c switch
                {
                    '\r' => "\\r",
                    '\n' => "\\n",
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    _ => c.ToString(),
                }
            );
        return literal.Append('"').ToString();
    }

    /// <summary>A rule for a JSON string that is none of some: a tree of their characters.</summary>
    public static string NoneOf(IEnumerable<string> texts, string character)
    {
        var sorted = texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var rule = new StringBuilder("[\"] ( ");
        Branch(rule, sorted, 0, character);
        rule.Append(" )");
        if (!sorted.Contains(""))
            rule.Append('?');
        return rule.Append(" [\"]").ToString();
    }

    private static void Branch(StringBuilder rule, List<string> texts, int depth, string character)
    {
        var groups = texts.Where(t => t.Length > depth).GroupBy(t => t[depth]).ToList();
        foreach (var group in groups)
        {
            if (group != groups[0])
                rule.Append(" | ");
            rule.Append('[').Append(InClass(group.Key)).Append(']');
            if (group.Any(t => t.Length > depth + 1))
            {
                rule.Append(" (");
                Branch(rule, [.. group], depth + 1, character);
                rule.Append(')');
            }
            else
            {
                rule.Append(' ').Append(character).Append('+');
            }
        }
        if (groups.Count == 0)
            return;
        rule.Append(" | [^\"");
        foreach (var group in groups)
            rule.Append(InClass(group.Key));
        rule.Append("] ").Append(character).Append('*');
    }

    private static string InClass(char c) => c is '\\' or ']' or '"' or '^' or '-' or < ' ' ? $"\\x{(int)c:X2}" : c.ToString();

    [GeneratedRegex("[^a-zA-Z0-9-]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex("^uuid[1-5]?$")]
    private static partial Regex Uuid();
}
