using System.Globalization;
using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode.Grammars;

namespace TaalasSim.Server.Tools;

/// <summary>The grammar of an answer that calls tools, so that names exist and arguments match their schemas.</summary>
public static class ToolGrammar
{
    private const string Text = "text",
        Reasoning = "reasoning";

    /// <summary>When the grammar of an answer that may or may not call a tool begins to hold.</summary>
    public static GrammarTrigger Trigger(ToolSyntax syntax) =>
        syntax.IsHarmony ? HarmonyGrammar.Trigger
        : syntax.Marker.Length > 0 ? new GrammarTrigger(syntax.Marker.TrimEnd(), IsAtStart: false)
        : new GrammarTrigger($"{{\"{syntax.NameKey}\":", IsAtStart: true);

    /// <summary>GBNF of the calls.</summary>
    /// <param name="use">Tools and syntax.</param>
    /// <param name="reasoningEnd">What ends the reasoning that the template has opened, which comes first then; empty when it has
    /// not.</param>
    /// <exception cref="InputException">A schema holds something that is not supported.</exception>
    public static string Of(ToolUse use, string reasoningEnd)
    {
        var syntax = use.Syntax;
        var (rules, calls) = Calls(use);
        var text = new StringBuilder(rules);
        foreach (var (call, i) in calls.Select((call, i) => (call, i)))
            text.Append(Rule(i)).Append(" ::= ").Append(call).Append('\n');
        text.Append("call ::= ").AppendJoin(" | ", use.Tools.Select((_, i) => Rule(i))).Append('\n');
        if (syntax.IsHarmony)
            return text.Append(HarmonyGrammar.Root(use.IsRequired)).ToString();
        if (reasoningEnd.Length > 0)
            text.Append(TextBefore.Rules(Reasoning, reasoningEnd));
        var root = new GrammarSequence();
        if (reasoningEnd.Length > 0)
            root.Add(Reasoning).Literal(reasoningEnd).Space();
        root.Text(syntax.ListOpen).Space().Add("call");
        if (use.AllowsSeveral && syntax.CanRepeat)
            root.Add("(").Space().Text(syntax.Separator).Space().Add("call").Add(")*");
        root.Space().Text(syntax.ListClose);
        return text.Append("root ::= ").Append(root).Append('\n').ToString();
    }

    /// <summary>Whether an argument is text as it is, not JSON.</summary>
    internal static bool IsText(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueEquals("string");

    /// <summary>Arguments of a tool with their schemas.</summary>
    internal static IEnumerable<(string Name, JsonElement Schema)> Properties(Tool tool) =>
        tool.Parameters.ValueKind == JsonValueKind.Object
        && tool.Parameters.TryGetProperty("properties", out var properties)
        && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().Select(p => (p.Name, p.Value))
            : [];

    // Rules that the calls need, and one call of each tool.
    private static (string Rules, IReadOnlyList<string> Calls) Calls(ToolUse use)
    {
        var syntax = use.Syntax;
        var schemas = new List<(string Name, JsonElement Schema)>();
        foreach (var (tool, i) in use.Tools.Select((tool, i) => (tool, i)))
            if (syntax.Arguments is not null)
                schemas.AddRange(Properties(tool).Select((p, k) => (Rule(i) + "-" + Number(k), p.Schema)));
            else
                schemas.Add((Rule(i) + "-arguments", tool.Parameters));
        var (rules, names) = JsonSchemaGrammar.ConvertAll(schemas);
        var queue = new Queue<string>(names);
        var calls = use
            .Tools.Select(tool => syntax.IsHarmony ? HarmonyGrammar.Call(tool, queue.Dequeue()) : Call(syntax, tool, queue))
            .ToList();
        return syntax.Arguments is { IsPython: false } arguments ? (rules + TextBefore.Rules(Text, End(arguments)), calls) : (rules, calls);
    }

    // What ends a value.
    private static string End(ArgumentSyntax arguments) => arguments.Parts[^1].Text.Trim();

    private static string Call(ToolSyntax syntax, Tool tool, Queue<string> names)
    {
        var call = new GrammarSequence();
        foreach (var part in syntax.Parts)
            switch (part.Kind)
            {
                case ToolPartKind.Literal:
                    call.Text(part.Text);
                    break;
                case ToolPartKind.Name:
                    call.Literal(tool.Name);
                    break;
                case ToolPartKind.Id:
                    call.Add($"[a-zA-Z0-9]{{{Number(syntax.IdLength)}}}");
                    break;
                case ToolPartKind.Index:
                    call.Add("[0-9]{1,4}");
                    break;
                case ToolPartKind.Call:
                    Members(call.Space(), syntax, tool, names.Dequeue()).Space();
                    break;
                case ToolPartKind.Arguments when syntax.Arguments is { } arguments:
                    Arguments(call, arguments, tool, names);
                    break;
                case ToolPartKind.Arguments:
                    call.Space().Add(names.Dequeue()).Space();
                    break;
            }
        return call.ToString();
    }

    private static GrammarSequence Members(GrammarSequence call, ToolSyntax syntax, Tool tool, string arguments)
    {
        GrammarSequence Member(string key) => call.Literal(JsonSerializer.Serialize(key)).Space().Literal(":").Space();
        call.Literal("{").Space();
        if (syntax.IndexKey.Length > 0)
            Member(syntax.IndexKey).Add("\"\\\"\" [0-9]{1,4} \"\\\"\"").Space().Literal(",").Space();
        Member(syntax.NameKey).Literal(JsonSerializer.Serialize(tool.Name)).Space().Literal(",").Space();
        Member(syntax.Key).Add(arguments).Space();
        if (syntax.IdKey.Length > 0)
        {
            call.Literal(",").Space();
            Member(syntax.IdKey).Add($"\"\\\"\" [a-zA-Z0-9]{{{Number(syntax.IdLength)}}} \"\\\"\"").Space();
        }
        return call.Literal("}");
    }

    // Arguments in the order of the schema; those that are not required may be missing. A separator stands before every one but the first.
    private static void Arguments(GrammarSequence call, ArgumentSyntax syntax, Tool tool, Queue<string> names)
    {
        var required = Required(tool);
        var all = Properties(tool).Select(p => (p.Name, p.Schema, Value: names.Dequeue())).ToList();
        var isFirst = true;
        var open = 0;
        foreach (var (name, schema, value) in all.OrderBy(p => syntax.Separator.Length > 0 && !required.Contains(p.Name)))
        {
            var isOptional = !required.Contains(name);
            if (isOptional)
                call.Add("(");
            if (!isFirst && syntax.Separator.Length > 0)
                call.Text(syntax.Separator);
            Argument(call, syntax, name, IsText(schema) && !syntax.IsPython ? Words(schema) : value);
            isFirst = false;
            // With separators an optional argument follows only those before it, so that one of them is the first.
            if (isOptional && syntax.Separator.Length > 0)
                open++;
            else if (isOptional)
                call.Add(")?");
        }
        for (; open > 0; open--)
            call.Add(")?");
    }

    private static void Argument(GrammarSequence call, ArgumentSyntax syntax, string name, string value)
    {
        for (var i = 0; i < syntax.Parts.Count; i++)
        {
            var part = syntax.Parts[i];
            bool IsValue(int at) => at >= 0 && at < syntax.Parts.Count && syntax.Parts[at].Kind == ToolPartKind.Value;
            switch (part.Kind)
            {
                case ToolPartKind.Literal:
                    // White space beside a value would be part of it.
                    call.Text(part.Text, isStartExact: IsValue(i - 1), isEndExact: IsValue(i + 1));
                    break;
                case ToolPartKind.Key:
                    call.Literal(name);
                    break;
                case ToolPartKind.Value:
                    call.Add(value);
                    break;
            }
        }
    }

    // Text as it is: any, or one of those that the schema lists.
    private static string Words(JsonElement schema)
    {
        var words =
            schema.TryGetProperty("const", out var one) ? [one]
            : schema.TryGetProperty("enum", out var some) && some.ValueKind == JsonValueKind.Array ? some.EnumerateArray()
            : Enumerable.Empty<JsonElement>();
        var texts = words
            .Where(word => word.ValueKind == JsonValueKind.String)
            .Select(word => JsonSchemaGrammar.Literal(word.GetString()!));
        var choice = string.Join(" | ", texts);
        return choice.Length > 0 ? $"( {choice} )" : Text;
    }

    private static HashSet<string> Required(Tool tool) =>
        tool.Parameters.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)]
            : [];

    private static string Rule(int tool) => "tool-" + Number(tool);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
