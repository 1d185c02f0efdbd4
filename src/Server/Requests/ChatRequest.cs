using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Requests;

/// <summary>A conversation as a prompt, with the fields of a completion that follow from it.</summary>
public sealed class ChatRequest
{
    private ChatRequest(string prompt, string prefill, string generationPrompt, RequestBody fields, ToolUse? tools) =>
        (Prompt, Prefill, GenerationPrompt, Fields, Tools) = (prompt, prefill, generationPrompt, fields, tools);

    /// <summary>The prompt in the template's words.</summary>
    public string Prompt { get; }

    /// <summary>The assistant's words that are continued; empty for none.</summary>
    public string Prefill { get; }

    /// <summary>What the template wrote to open the answer.</summary>
    public string GenerationPrompt { get; }

    /// <summary>The fields that <see cref="CompletionFields"/> reads.</summary>
    public RequestBody Fields { get; }

    /// <summary>Tools that the answer may call; null for none.</summary>
    public ToolUse? Tools { get; }

    /// <summary>Reads OpenAI's form of a conversation.</summary>
    /// <param name="body">Request.</param>
    /// <param name="model">The model with its template.</param>
    /// <param name="options">Settings of the server.</param>
    /// <param name="now">The time that a template may tell.</param>
    /// <exception cref="RequestException">Something is missing or of the wrong kind, or the template refuses it.</exception>
    public static ChatRequest Read(RequestBody body, ServedModel model, ServerOptions options, DateTime now)
    {
        var tools = ChatTools.Read(body, options);
        var messages = ChatMessages.Read(body);
        var addPrompt = body.Flag("add_generation_prompt", true);
        var continues = Continues(body, messages, options, ref addPrompt);
        var prefill = "";
        if (continues)
        {
            prefill = ChatMessages.Continued(body);
            messages.RemoveAt(messages.Count - 1);
        }
        var isHarmony = ToolSyntax.Of(model.TemplateSource).IsHarmony;
        if (isHarmony)
            messages = messages.ConvertAll(WithThinking);
        var variables = Variables(body, tools, options);
        string Render(bool open)
        {
            try
            {
                return ChatPrompt.Render(model.Tokenizer, model.Template, messages, now, open, variables);
            }
            catch (InputException e)
            {
                throw RequestException.Invalid($"the chat template refuses the conversation: {e.Message}");
            }
        }
        var prompt = Render(addPrompt || continues);
        var generation = "";
        if (addPrompt || continues)
        {
            var closed = Render(false);
            generation = prompt.StartsWith(closed, StringComparison.Ordinal) ? prompt[closed.Length..] : "";
            prompt += WithoutThinking(prompt, model.TemplateSource, variables);
        }
        // Only the last message of an answer is the words that are continued.
        if (isHarmony && continues)
            prompt += "<|channel|>final<|message|>";
        var use = tools is { } list ? ChatTools.Use(body, list, model) : null;
        return new ChatRequest(prompt + prefill, prefill, generation, Completion(body, options), use);
    }

    // The template of gpt-oss calls reasoning so, and takes it in place of the content of a call.
    private static ChatMessage WithThinking(ChatMessage message)
    {
        if (!message.Fields.TryGetValue("reasoning_content", out var reasoning) || reasoning.ValueKind != JsonValueKind.String)
            return message;
        var fields = new Dictionary<string, JsonElement>(message.Fields, StringComparer.Ordinal) { ["thinking"] = reasoning };
        return new ChatMessage(message.Role, fields.ContainsKey("tool_calls") ? "" : message.Content) { Fields = fields };
    }

    // A template that opens the reasoning by itself gets it closed when no reasoning is wanted.
    private static string WithoutThinking(string prompt, string template, IReadOnlyDictionary<string, JsonElement> variables)
    {
        if (!variables.TryGetValue("enable_thinking", out var thinking) || thinking.ValueKind != JsonValueKind.False)
            return "";
        if (prompt.TrimEnd().EndsWith("<think>", StringComparison.Ordinal))
            return "</think>";
        const string opening = "<|START_THINKING|>",
            closing = "<|END_THINKING|>";
        return template.Contains(opening, StringComparison.Ordinal) && !prompt.TrimEnd().EndsWith(closing, StringComparison.Ordinal)
            ? opening + closing
            : "";
    }

    private static bool Continues(RequestBody body, List<ChatMessage> messages, ServerOptions options, ref bool addPrompt)
    {
        var asked = body.Find("continue_final_message") is { ValueKind: JsonValueKind.True or JsonValueKind.String };
        if (!asked && options.PrefillAssistant && messages is [.., { Role: "assistant" }])
        {
            if (messages is [.., { Role: "assistant" }, { Role: "assistant" }])
                throw RequestException.Invalid("Cannot have 2 or more assistant messages at the end of the list.");
            addPrompt = false;
            return true;
        }
        if (asked && addPrompt)
            throw RequestException.Invalid("Cannot set both add_generation_prompt and continue_final_message to true.");
        return asked && messages.Count > 0;
    }

    private static Dictionary<string, JsonElement> Variables(RequestBody body, JsonElement? tools, ServerOptions options)
    {
        var variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (options.ReasoningBudget == 0)
            variables["enable_thinking"] = JsonSerializer.SerializeToElement(false);
        if (tools is { } list)
            variables["tools"] = list;
        if (body.Find("reasoning_effort") is { ValueKind: JsonValueKind.String } effort)
        {
            if (effort.GetString() == "none")
                variables["enable_thinking"] = JsonSerializer.SerializeToElement(false);
            else
                variables["reasoning_effort"] = effort;
        }
        if (body.Find("chat_template_kwargs") is { ValueKind: JsonValueKind.Object } extra)
            foreach (var entry in extra.EnumerateObject())
                variables[entry.Name] = entry.Value;
        if (variables.TryGetValue("enable_thinking", out var thinking) && thinking.ValueKind == JsonValueKind.String)
            throw RequestException.Invalid("invalid type for \"enable_thinking\" (expected boolean, got string)");
        return variables;
    }

    private static RequestBody Completion(RequestBody body, ServerOptions options)
    {
        var schema = Schema(body);
        if (schema is not null && body.Text("grammar", "").Length > 0)
            throw new RequestException(500, "server_error", "Cannot use both json_schema and grammar");
        var fields = body.Without(
            "messages",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "logprobs",
            "top_logprobs",
            "json_schema",
            "response_format"
        );
        // An empty schema asks for an object without Jinja and for nothing with it, as llama-server reads it.
        if (schema is { } s && (!options.Jinja || s.ValueKind != JsonValueKind.Object || s.EnumerateObject().Any()))
            fields = fields.With("json_schema", s);
        if (body.Flag("logprobs", false))
            return fields.With("n_probs", (int)body.Whole("top_logprobs", 20, 0, int.MaxValue));
        return body.Has("top_logprobs") ? throw RequestException.Invalid("top_logprobs requires logprobs to be set to true") : fields;
    }

    private static JsonElement? Schema(RequestBody body)
    {
        var schema = body.Find("json_schema");
        if (body.Find("response_format") is not { ValueKind: JsonValueKind.Object } format)
            return schema;
        var fields = RequestBody.Of(format);
        switch (fields.Text("type", ""))
        {
            case "json_object":
                return fields.Find("schema") ?? schema ?? JsonElement.Parse("{}");
            case "json_schema":
                return fields.Find("json_schema") is { ValueKind: JsonValueKind.Object } wrapper
                    ? RequestBody.Of(wrapper).Find("schema")
                    : null;
            case "" or "text":
                return schema;
            case var other:
                throw RequestException.Invalid($"response_format type must be one of \"text\" or \"json_object\", but got: {other}");
        }
    }
}
