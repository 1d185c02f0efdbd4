using System.Text.Json;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Requests;

/// <summary>Reads the tools of a conversation and how they may be used.</summary>
internal static class ChatTools
{
    private const int MostTools = 256;
    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>The list of tools as it was sent; null when there are none.</summary>
    /// <exception cref="RequestException">It is no list of tools, or tools are not possible here.</exception>
    public static JsonElement? Read(RequestBody body, ServerOptions options)
    {
        if (body.Find("tools") is not { } tools)
            return null;
        if (tools.ValueKind != JsonValueKind.Array)
        {
            var text = tools.GetRawText();
            throw new RequestException(
                500,
                "server_error",
                $"Failed to parse tools: Expected 'tools' to be an array, got {text}; tools = {text}"
            );
        }
        if (tools.GetArrayLength() == 0)
            return null;
        if (!options.Jinja)
            throw new RequestException(500, "server_error", "tools param requires --jinja flag");
        foreach (var tool in tools.EnumerateArray())
            if (
                tool.ValueKind != JsonValueKind.Object
                || !tool.TryGetProperty("function", out var function)
                || function.ValueKind != JsonValueKind.Object
                || !function.TryGetProperty("name", out _)
            )
                throw new RequestException(500, "server_error", "Failed to parse tools: Missing tool function");
        var withoutTools = body.Find("tool_choice") is { ValueKind: JsonValueKind.String } choice && choice.GetString() == "none";
        if (body.Has("grammar") && !withoutTools)
            throw RequestException.Invalid("Cannot use custom grammar constraints with tools.");
        return tools;
    }

    /// <summary>The tools that an answer may call; null when the request wants none called.</summary>
    /// <exception cref="RequestException">The choice is none that exists.</exception>
    public static ToolUse? Use(RequestBody body, JsonElement tools, ServedModel model)
    {
        var list = tools.EnumerateArray().Select(tool => ToolOf(tool.GetProperty("function"))).ToList();
        if (list.Count > MostTools)
            throw RequestException.Invalid($"tools: {list.Count} are more than {MostTools}");
        var isRequired = false;
        switch (body.Find("tool_choice"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } word:
                if (word.GetString() is not ("auto" or "none" or "required"))
                    throw RequestException.Invalid($"Invalid tool_choice: {word.GetString()}");
                if (word.ValueEquals("none"))
                    return null;
                isRequired = word.ValueEquals("required");
                break;
            case { ValueKind: JsonValueKind.Object } choice:
                var name = NameOf(choice);
                list = [.. list.Where(tool => tool.Name == name)];
                if (list.Count == 0)
                    throw RequestException.Invalid($"tool_choice: no tool has the name '{name}'");
                isRequired = true;
                break;
            default:
                throw RequestException.Invalid("tool_choice must be \"auto\", \"none\", \"required\" or an object that names a function");
        }
        var syntax = ToolSyntax.Of(model.TemplateSource);
        return new ToolUse
        {
            Syntax = syntax,
            Tools = list,
            IsRequired = isRequired,
            AllowsSeveral = body.Flag("parallel_tool_calls", syntax.CanRepeat),
        };
    }

    private static string NameOf(JsonElement choice)
    {
        var named = choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object ? function : choice;
        return RequestBody.Of(named).Text("name", "");
    }

    private static Tool ToolOf(JsonElement function)
    {
        var name = RequestBody.Of(function).Text("name", "");
        // A name becomes part of a grammar and of the answer.
        if (name.Length is 0 or > 128 || name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"'))
            throw RequestException.Invalid("tools: a function's name is 1 to 128 characters without white space, quotes or angle brackets");
        return new Tool(
            name,
            function.TryGetProperty("parameters", out var schema)
            && schema.ValueKind == JsonValueKind.Object
            && schema.EnumerateObject().Any()
                ? schema
                : AnyObject
        );
    }
}
