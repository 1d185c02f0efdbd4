using System.Globalization;
using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode.Grammars;

namespace TaalasSim.Server.Tools;

/// <summary>The grammar of an answer that calls tools, so that names exist and arguments match their schemas.</summary>
public static class ToolGrammar
{
    // Text up to a closing tag: "<" is taken unless "/" follows.
    private const string Free = "( [^<] | \"<\" [^/] )*";

    /// <summary>When the grammar of an answer that may or may not call a tool begins to hold.</summary>
    public static GrammarTrigger Trigger(ToolSyntax syntax) =>
        syntax.Marker.Length > 0 ? new GrammarTrigger(syntax.Marker, IsAtStart: false) : new GrammarTrigger("{\"name\":", IsAtStart: true);

    /// <summary>GBNF of the calls.</summary>
    /// <param name="use">Tools and syntax.</param>
    /// <param name="isReasoning">Whether the template has opened the reasoning, which comes first then.</param>
    /// <exception cref="InputException">A schema holds something that is not supported.</exception>
    public static string Of(ToolUse use, bool isReasoning)
    {
        var syntax = use.Syntax;
        var schemas = new List<(string Name, JsonElement Schema)>();
        foreach (var (tool, i) in use.Tools.Select((tool, i) => (tool, i)))
            if (syntax.Style == ArgumentStyle.Tags)
                schemas.AddRange(Properties(tool).Select((p, k) => (Rule(i) + "-" + Number(k), p.Schema)));
            else
                schemas.Add((Rule(i) + "-arguments", tool.Parameters));
        var (rules, names) = JsonSchemaGrammar.ConvertAll(schemas);
        var text = new StringBuilder(rules);
        var argument = new Queue<string>(names);
        foreach (var (tool, i) in use.Tools.Select((tool, i) => (tool, i)))
            text.Append(Rule(i)).Append(" ::= ").Append(Call(syntax, tool, argument)).Append('\n');
        text.Append("call ::= ").AppendJoin(" | ", use.Tools.Select((_, i) => Rule(i))).Append('\n');
        text.Append("root ::= ");
        if (isReasoning)
            text.Append(Free).Append(" \"</think>\" space ");
        text.Append(Literal(syntax.ListOpen)).Append(" space call");
        if (use.AllowsSeveral && syntax.CanRepeat)
            text.Append(" ( space ").Append(Literal(syntax.Separator)).Append(" space call )*");
        return text.Append(" space ").Append(Literal(syntax.ListClose)).Append('\n').ToString();
    }

    private static string Call(ToolSyntax syntax, Tool tool, Queue<string> names)
    {
        var open = Literal(syntax.Open);
        var close = Literal(syntax.Close);
        if (syntax.Style == ArgumentStyle.Member)
            return string.Join(
                " space ",
                open,
                "\"{\"",
                Literal("\"name\""),
                "\":\"",
                Literal(JsonSerializer.Serialize(tool.Name)),
                "\",\"",
                Literal("\"" + syntax.Key + "\""),
                "\":\"",
                names.Dequeue(),
                "\"}\"",
                close
            );
        var call = Literal(syntax.Open + tool.Name + syntax.AfterName) + " space ";
        if (syntax.Style == ArgumentStyle.Object)
            return $"{call}{names.Dequeue()} space {close}";
        var required = Required(tool);
        foreach (var (name, schema) in Properties(tool))
        {
            var value = names.Dequeue();
            var argument = $"{Literal($"<parameter={name}>\n")} {(IsText(schema) ? Free : value)} {Literal("\n</parameter>")} space";
            call += required.Contains(name) ? argument + " " : $"( {argument} )? ";
        }
        return call + close;
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

    private static HashSet<string> Required(Tool tool) =>
        tool.Parameters.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)]
            : [];

    private static string Rule(int tool) => "tool-" + Number(tool);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Literal(string text) => JsonSchemaGrammar.Literal(text);
}
