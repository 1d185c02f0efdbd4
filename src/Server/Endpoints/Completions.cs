using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Server.Answers;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Endpoints;

/// <summary>Endpoints that generate text, and those that count or render without generating.</summary>
internal sealed class Completions(ServedModel model, AnswerSender sender, ServerOptions options)
{
    private readonly CompletionFields _fields = new(options, model.Tokenizer);

    /// <summary>llama-server's own completion.</summary>
    public async Task Native(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        if (body.Find("prompt") is not { } prompt)
            throw RequestException.Invalid("[json.exception.out_of_range.403] key 'prompt' not found");
        var settings = _fields.Read(body);
        await sender
            .Send(http, PromptReader.Read(prompt, model.Tokenizer), settings, new NativeFormat(model, settings))
            .ConfigureAwait(false);
    }

    /// <summary>OpenAI's text completion.</summary>
    public async Task Text(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        if (body.Find("prompt") is not { } prompt)
            throw new RequestException(500, "server_error", "\"prompt\" is required");
        if (body.Flag("echo", false))
            throw new RequestException(500, "server_error", "Only no echo is supported");
        foreach (var name in new[] { "best_of", "suffix" })
            if (body.Has(name))
                throw new RequestException(500, "server_error", $"Unsupported param: {name}");
        var settings = _fields.Read(body);
        await sender
            .Send(http, PromptReader.Read(prompt, model.Tokenizer), settings, new TextCompletionFormat(model, settings))
            .ConfigureAwait(false);
    }

    /// <summary>OpenAI's chat completion.</summary>
    public async Task Chat(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        await Chat(http, body, settings => new ChatFormat(model, settings)).ConfigureAwait(false);
    }

    /// <summary>OpenAI's responses.</summary>
    public async Task Responses(HttpContext http)
    {
        var body = ResponsesRequest.ToChat(await Responder.Read(http).ConfigureAwait(false));
        await Chat(http, body, settings => new ResponsesFormat(model, settings)).ConfigureAwait(false);
    }

    /// <summary>Anthropic's messages.</summary>
    public async Task Messages(HttpContext http)
    {
        var body = AnthropicRequest.ToChat(await Responder.Read(http).ConfigureAwait(false));
        await Chat(http, body, settings => new AnthropicFormat(model, settings)).ConfigureAwait(false);
    }

    /// <summary>Ollama's chat.</summary>
    public async Task OllamaChat(HttpContext http)
    {
        var body = OllamaRequest.ToFields(await Responder.Read(http).ConfigureAwait(false));
        await Chat(http, body, settings => new OllamaFormat(model, settings, isChat: true)).ConfigureAwait(false);
    }

    /// <summary>Ollama's completion: the prompt is a user's message unless it is raw.</summary>
    public async Task OllamaGenerate(HttpContext http)
    {
        var original = await Responder.Read(http).ConfigureAwait(false);
        var body = OllamaRequest.ToFields(original);
        var prompt = original.Text("prompt", "");
        if (!original.Flag("raw", false))
        {
            var messages = new JsonArray();
            if (original.Text("system", "") is { Length: > 0 } system)
                messages.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = system });
            messages.Add((JsonNode)new JsonObject { ["role"] = "user", ["content"] = prompt });
            var chat = body.Without("prompt", "system").With("messages", messages);
            await Chat(http, chat, s => new OllamaFormat(model, s, isChat: false)).ConfigureAwait(false);
            return;
        }
        var settings = _fields.Read(body);
        var ids = model.Tokenizer.Encode(prompt, addSpecial: true, parseSpecial: true);
        if (ids.Length == 0)
            throw RequestException.Invalid("\"prompt\" must not be empty");
        await sender.Send(http, [ids], settings, new OllamaFormat(model, settings, isChat: false)).ConfigureAwait(false);
    }

    /// <summary>Google Cloud's prediction: several chats in one request.</summary>
    public async Task<JsonArray> ChatWhole(RequestBody[] bodies, HttpContext http)
    {
        var results = new JsonArray();
        foreach (var body in bodies)
        {
            using var buffer = new MemoryStream();
            var original = http.Response.Body;
            http.Response.Body = buffer;
            try
            {
                await Chat(http, body.With("stream", value: false), s => new ChatFormat(model, s)).ConfigureAwait(false);
            }
            finally
            {
                http.Response.Body = original;
            }
            results.Add(JsonNode.Parse(buffer.ToArray()));
        }
        return results;
    }

    /// <summary>Renders a conversation.</summary>
    public async Task ApplyTemplate(HttpContext http)
    {
        var chat = Read(await Responder.Read(http).ConfigureAwait(false));
        await Responder.Json(http, new JsonObject { ["prompt"] = chat.Prompt }).ConfigureAwait(false);
    }

    /// <summary>Counts the tokens of a chat.</summary>
    public Task CountChat(HttpContext http) => Count(http, body => body, "response.input_tokens");

    /// <summary>Counts the tokens of a response's input.</summary>
    public Task CountResponses(HttpContext http) => Count(http, ResponsesRequest.ToChat, "response.input_tokens");

    /// <summary>Counts the tokens of Anthropic's messages.</summary>
    public Task CountMessages(HttpContext http) => Count(http, AnthropicRequest.ToChat, null);

    private async Task Count(HttpContext http, Func<RequestBody, RequestBody> toChat, string? kind)
    {
        var chat = Read(toChat(await Responder.Read(http).ConfigureAwait(false)));
        var json = new JsonObject { ["input_tokens"] = Encode(chat).Length };
        if (kind is not null)
            json["object"] = kind;
        await Responder.Json(http, json).ConfigureAwait(false);
    }

    private ChatRequest Read(RequestBody body) => ChatRequest.Read(body, model, options, DateTime.Now);

    private int[] Encode(ChatRequest chat) => ChatPrompt.Encode(model.Tokenizer, chat.Prompt);

    private async Task Chat(HttpContext http, RequestBody body, Func<CompletionSettings, AnswerFormat> format)
    {
        var chat = Read(body);
        var syntax = ToolSyntax.Of(model.TemplateSource);
        var settings = _fields.Read(chat.Fields) with
        {
            Prefill = chat.Prefill,
            GenerationPrompt = chat.GenerationPrompt,
            Reasoning = ReasoningSyntax.Of(model.TemplateSource),
            IsHarmony = syntax.IsHarmony,
        };
        if (syntax.IsHarmony && chat.Fields.Find("json_schema") is { } schema)
            settings = settings with { Grammar = HarmonyGrammar.OfSchema(schema) };
        if (settings.SplitsReasoning || syntax.IsHarmony)
            settings = settings with
            {
                PreservedTokens = Special(settings.Reasoning.Marks.Concat(syntax.IsHarmony ? [HarmonyGrammar.Start, .. syntax.Marks] : [])),
            };
        settings = WithTools(settings, chat.Tools);
        await sender.Send(http, [Encode(chat)], settings, format(settings)).ConfigureAwait(false);
    }

    // A schema for the answer's content and calls exclude each other, unless the answer must be a call.
    private CompletionSettings WithTools(CompletionSettings settings, ToolUse? use)
    {
        if (use is null)
            return settings;
        if (settings.Grammar.Length > 0 && !use.IsRequired)
            return settings;
        string grammar;
        try
        {
            grammar = ToolGrammar.Of(use, use.IsRequired && settings.OpensReasoning ? settings.Reasoning.Close : "");
        }
        catch (InputException e)
        {
            throw RequestException.Invalid($"tools: {e.Message}");
        }
        return settings with
        {
            Tools = use,
            Grammar = grammar,
            Trigger = use.IsRequired ? null : ToolGrammar.Trigger(use.Syntax),
            ChatFormat = "peg-native",
            PreservedTokens = [.. settings.PreservedTokens.Concat(Special([.. use.Syntax.Marks, "[TOOL_CALLS]"])).Distinct()],
        };
    }

    // Control tokens in texts.
    private List<int> Special(IEnumerable<string> texts) =>
        [
            .. texts
                .SelectMany(text => model.Tokenizer.Encode(text, addSpecial: false, parseSpecial: true))
                .Where(id => model.Tokenizer.IsSpecial(id))
                .Distinct(),
        ];
}
