using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Telemetry;

namespace TaalasSim.Server.Endpoints;

/// <summary>Finds the endpoint of a request and turns every fault into an answer. Unknown paths and wrong methods are 404.</summary>
internal sealed class Router
{
    private readonly Dictionary<(string Method, string Path), Func<HttpContext, Task>> _routes = [];
    private readonly Access _access;
    private readonly SlotFiles _files;
    private readonly SlotScheduler _slots;
    private readonly ILogger _log;

    public Router(ServedModel model, SimulatedHost host, SlotScheduler slots, ServerOptions options, ILogger log)
    {
        _access = new Access(options);
        _files = new SlotFiles(slots, options);
        (_slots, _log) = (slots, log);
        var texts = new Completions(model, new AnswerSender(model, slots, options), options);
        var facts = new Information(model, host, slots, options);
        var tokens = new TokenEndpoints(model.Tokenizer);
        var ollama = new OllamaInformation(model, options);
        Get(Information.Health, "/health", "/v1/health");
        Get(facts.Models, "/models", "/v1/models");
        Get(facts.Props, "/props");
        Get(facts.Slots, "/slots");
        Get(facts.Metrics, "/metrics");
        Get(facts.Card, "/card");
        Get(http => Responder.Json(http, new JsonArray()), "/lora-adapters");
        Post(texts.Native, "/completion", "/completions");
        Post(texts.Text, "/v1/completions");
        Post(texts.Chat, "/v1/chat/completions", "/chat/completions");
        Post(texts.Responses, "/v1/responses", "/responses");
        Post(texts.Messages, "/v1/messages");
        Post(texts.CountMessages, "/v1/messages/count_tokens");
        Post(texts.CountChat, "/v1/chat/completions/input_tokens", "/chat/completions/input_tokens");
        Post(texts.CountResponses, "/v1/responses/input_tokens", "/responses/input_tokens");
        Post(texts.ApplyTemplate, "/apply-template");
        Post(tokens.Tokenize, "/tokenize");
        Post(tokens.Detokenize, "/detokenize");
        Post(texts.OllamaChat, "/api/chat");
        Post(texts.OllamaGenerate, "/api/generate");
        Get(ollama.Tags, "/api/tags");
        Get(ollama.Version, "/api/version");
        Post(ollama.Show, "/api/show");
        Refuse("This server does not support changing global properties. Start it with `--props`", "/props");
        Refuse("This server does not support embeddings. Start it with `--embeddings`", "/embedding", "/embeddings", "/v1/embeddings");
        Refuse(
            "This server does not support reranking. Start it with `--reranking`",
            "/rerank",
            "/reranking",
            "/v1/rerank",
            "/v1/reranking"
        );
        Refuse("Infill is not supported by this model: " + MissingInfill(model), "/infill");
        Refuse("This chip has no adapters to choose from", "/lora-adapters");
        Post(http => Predict(http, texts), "/predict");
        if (options.Page)
            Get(ChatPage.Send, "/");
    }

    /// <summary>Answers a request.</summary>
    public async Task Run(HttpContext http)
    {
        var start = Stopwatch.GetTimestamp();
        var (method, route) = (KnownMethod(http.Request.Method), Route(http.Request));
        var span = ServerInstruments.Begin(method, route, http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        try
        {
            await Answer(http).ConfigureAwait(false);
        }
        finally
        {
            ServerInstruments.End(span, method, route, http.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    // Only endpoints that there are: a client must not fill a collector with names.
    private string? Route(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        return _routes.ContainsKey((request.Method, path)) ? path
            : path.StartsWith("/slots/", StringComparison.Ordinal) ? "/slots/{id}"
            : null;
    }

    // As the semantic conventions say.
    private static string KnownMethod(string method) =>
        method is "GET" or "POST" or "OPTIONS" or "HEAD" or "PUT" or "DELETE" ? method : "_OTHER";

    private async Task Answer(HttpContext http)
    {
        http.Response.Headers.Server = "llama.cpp";
        try
        {
            if (_access.AnswerCors(http))
                return;
            _access.CheckKey(http);
            var path = http.Request.Path.Value ?? "/";
            if (_routes.TryGetValue((http.Request.Method, path), out var route))
            {
                if (http.Request.Method == HttpMethods.Post)
                    _slots.Wake();
                await route(http).ConfigureAwait(false);
            }
            else if (http.Request.Method == HttpMethods.Post && path.StartsWith("/slots/", StringComparison.Ordinal))
                await _files.Act(http, path["/slots/".Length..]).ConfigureAwait(false);
            else
                throw new RequestException(404, "not_found_error", "File Not Found");
        }
        catch (RequestException e)
        {
            await Fail(http, e).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await Fail(http, new RequestException(e.StatusCode, "invalid_request_error", e.Message)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }
        catch (Exception e)
        {
            ServerLog.Fault(_log, http.Request.Path.Value ?? "", e);
            await Fail(http, new RequestException(500, "server_error", "the request failed; the log says why")).ConfigureAwait(false);
        }
    }

    private static async Task Fail(HttpContext http, RequestException fault)
    {
        if (!http.Response.HasStarted)
            await Responder.Error(http, fault).ConfigureAwait(false);
        else
            http.Abort();
    }

    private static string MissingInfill(ServedModel model) =>
        string.Concat(
            new[] { ("prefix", "<|fim_prefix|>"), ("suffix", "<|fim_suffix|>"), ("middle", "<|fim_middle|>") }
                .Where(t => model.Tokenizer.FindToken(t.Item2) < 0)
                .Select(t => t.Item1 + " token is missing. ")
        );

    // Google Cloud's form: a list of instances, each a request of its own.
    private static async Task Predict(HttpContext http, Completions texts)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        if (Environment.GetEnvironmentVariable("AIP_MODE") != "PREDICTION")
            throw new RequestException(404, "not_found_error", "File Not Found");
        if (body.Find("instances") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw RequestException.Invalid("'instances' must be a list of requests");
        var bodies = list.EnumerateArray().Select(i => RequestBody.Of(i).Without("@requestFormat")).ToArray();
        var predictions = await texts.ChatWhole(bodies, http).ConfigureAwait(false);
        http.Response.ContentLength = null;
        await Responder.Json(http, new JsonObject { ["predictions"] = predictions }).ConfigureAwait(false);
    }

    private void Get(Func<HttpContext, Task> action, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            _routes.Add((HttpMethods.Get, path), action);
    }

    private void Post(Func<HttpContext, Task> action, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            _routes.Add((HttpMethods.Post, path), action);
    }

    private void Refuse(string message, params ReadOnlySpan<string> paths) =>
        Post(_ => throw RequestException.NotSupported(message), paths);
}
