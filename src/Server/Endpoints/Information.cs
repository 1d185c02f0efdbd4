using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Server.Answers;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Endpoints;

/// <summary>Endpoints that tell about the server, the model and the card.</summary>
internal sealed class Information(ServedModel model, SimulatedHost host, SlotScheduler slots, ServerOptions options)
{
    private static readonly long Started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly string _marker =
        "<__media_"
        + System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32)
        + "__>";

    private bool IsSleeping =>
        options.SleepIdleSeconds > 0
        && slots.Processing == 0
        && Environment.TickCount64 - slots.LastActive > options.SleepIdleSeconds * 1000L;

    /// <summary>Whether the server answers.</summary>
    public static Task Health(HttpContext http) => Responder.Json(http, new JsonObject { ["status"] = "ok" });

    /// <summary>The models: one.</summary>
    public Task Models(HttpContext http) =>
        Responder.Json(
            http,
            new JsonObject
            {
                ["models"] = new JsonArray(OllamaLike()),
                ["object"] = "list",
                ["data"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = model.Id,
                        ["aliases"] = JsonText.List(model.Aliases),
                        ["tags"] = JsonText.List(options.Tags),
                        ["object"] = "model",
                        ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                        ["owned_by"] = "llamacpp",
                        ["meta"] = new JsonObject
                        {
                            ["vocab_type"] = true,
                            ["n_vocab"] = model.Tokenizer.VocabularySize,
                            ["n_ctx"] = options.SlotContext,
                            ["n_ctx_train"] = model.Chip.Model.ContextLength,
                            ["n_embd"] = model.Chip.Model.EmbeddingLength,
                            ["n_params"] = model.Parameters,
                            ["size"] = model.Bytes,
                            ["ftype"] = model.FileType,
                        },
                    }
                ),
            }
        );

    /// <summary>Properties of the server.</summary>
    public Task Props(HttpContext http) =>
        Responder.Json(
            http,
            new JsonObject
            {
                ["default_generation_settings"] = new JsonObject
                {
                    ["params"] = SettingsJson.Short(new CompletionSettings { Sampler = options.Sampler, Predict = -1 }),
                    ["n_ctx"] = options.SlotContext,
                },
                ["total_slots"] = options.Slots,
                ["model_alias"] = model.Id,
                ["model_ftype"] = model.FileType,
                ["model_path"] = options.ModelPath,
                ["modalities"] = new JsonObject
                {
                    ["vision"] = false,
                    ["video"] = false,
                    ["audio"] = false,
                },
                ["media_marker"] = _marker,
                ["endpoint_slots"] = options.SlotsEndpoint,
                ["endpoint_props"] = options.Props,
                ["endpoint_metrics"] = options.Metrics,
                ["ui"] = options.Page,
                ["ui_settings"] = new JsonObject(),
                ["chat_template"] = model.TemplateSource,
                ["chat_template_caps"] = TemplateCapabilities.Of(model.Template),
                ["bos_token"] = TokenText(model.Tokenizer.BosId),
                ["eos_token"] = TokenText(model.Tokenizer.EosId),
                ["build_info"] = model.Build,
                ["is_sleeping"] = IsSleeping,
                ["cors_proxy_enabled"] = false,
            }
        );

    /// <summary>The slots.</summary>
    public async Task Slots(HttpContext http)
    {
        if (!options.SlotsEndpoint)
            throw RequestException.NotSupported("This server does not support slots endpoint. Start it with `--slots`");
        var states = await slots.States().ConfigureAwait(false);
        if (http.Request.Query.ContainsKey("fail_on_no_slot") && states.All(s => s.IsProcessing))
            throw RequestException.Unavailable("no slot available");
        await Responder.Json(http, new JsonArray([.. states.Select(s => (JsonNode)SlotJson(s))])).ConfigureAwait(false);
    }

    /// <summary>Counters for Prometheus: llama-server's, then the card's.</summary>
    public Task Metrics(HttpContext http)
    {
        if (!options.Metrics)
            throw RequestException.NotSupported("This server does not support metrics endpoint. Start it with `--metrics`");
        var m = slots.Metrics.Read();
        var text = new StringBuilder();
        void Write(string prefix, string name, string kind, string help, double value)
        {
            var number = value.ToString("G6", CultureInfo.InvariantCulture);
            if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
                number = value.ToString("F0", CultureInfo.InvariantCulture);
            // Scrapers of llama-server expect its metrics alone to have types; the card's are untyped.
            var type = prefix == "llamacpp" ? $"# TYPE {prefix}:{name} {kind}\n" : "";
            text.Append(CultureInfo.InvariantCulture, $"# HELP {prefix}:{name} {help}\n{type}{prefix}:{name} {number}\n");
        }
        void Counter(string name, string help, double value) => Write("llamacpp", name, "counter", help, value);
        void Gauge(string name, string help, double value) => Write("llamacpp", name, "gauge", help, value);
        Counter("prompt_tokens_total", "Number of prompt tokens processed, excluding cached tokens", m.Prompt);
        Counter("prompt_tokens_cached_total", "Number of prompt tokens reused from the cache", m.Cached);
        Counter("prompt_seconds_total", "Total time spent processing prompts", m.PromptSeconds);
        Counter("tokens_predicted_total", "Number of generation tokens processed", m.Predicted);
        Counter("tokens_predicted_seconds_total", "Total time spent generating tokens", m.PredictedSeconds);
        Counter("n_decode_total", "Total number of passes, prompt passes included", m.Decodes);
        Counter("n_tokens_max", "Largest observed sequence length (prompt + generation)", m.Longest);
        Counter("spec_decode_num_draft_tokens_total", "Speculative: Total draft tokens generated", 0);
        Counter("spec_decode_num_accepted_tokens_total", "Speculative: Total draft tokens accepted by the target model", 0);
        Counter("spec_decode_num_drafts_total", "Speculative: Total speculative decoding verification steps", 0);
        Gauge("prompt_tokens_seconds", "Average prompt throughput in tokens/s", m.PromptRate);
        Gauge("predicted_tokens_seconds", "Average generation throughput in tokens/s", m.PredictedRate);
        Gauge("requests_processing", "Number of requests processing", slots.Processing);
        Gauge("requests_deferred", "Number of requests deferred", slots.Deferred);
        Gauge("n_busy_slots_per_decode", "Average number of busy slots per pass", m.BusyPerDecode);
        var card = host.Telemetry();
        Write("hwchip", "power_watts", "gauge", "Power of the simulated card", card.Watts);
        Write("hwchip", "temperature_celsius", "gauge", "Junction temperature of the simulated card", card.Kelvin - 273.15);
        Write("hwchip", "joules_total", "counter", "Simulated energy above idle", card.Joules);
        Write("hwchip", "passes_total", "counter", "Passes over the simulated chip", card.Passes);
        http.Response.Headers["Process-Start-Time-Unix"] = Started.ToString(CultureInfo.InvariantCulture);
        return Responder.Text(http, text.ToString(), "text/plain; version=0.0.4");
    }

    /// <summary>The card as JSON, for the page.</summary>
    public Task Card(HttpContext http)
    {
        var card = host.Telemetry();
        return Responder.Json(
            http,
            new JsonObject
            {
                ["chip"] = model.Chip.Model.Name,
                ["fabric"] = model.Chip.Fabric.Name,
                ["watts"] = card.Watts,
                ["celsius"] = card.Kelvin - 273.15,
                ["joules"] = card.Joules,
                ["tokens"] = card.Tokens,
                ["simulated_us"] = host.TimeNs * 1e-3,
                ["slots_busy"] = slots.Processing,
                ["slots"] = options.Slots,
                ["queue"] = slots.Deferred,
                ["kv_tokens"] = slots.Held,
                ["kv_capacity"] = (long)options.Slots * options.SlotContext,
                ["reference"] = Reference(),
            }
        );
    }

    private JsonObject? Reference() =>
        options.Reference?.Value is not { } gpu
            ? null
            : new JsonObject
            {
                ["name"] = gpu.Name,
                ["first_token_us"] = gpu.FirstTokenSeconds * 1e6,
                ["tokens_per_second"] = gpu.TokensPerSecond,
                ["joules_per_token"] = gpu.JoulesPerToken,
            };

    private string TokenText(int id) => id < 0 ? "" : Encoding.UTF8.GetString(model.Tokenizer.Piece(id));

    private JsonObject SlotJson(SlotState s)
    {
        var json = new JsonObject
        {
            ["id"] = s.Id,
            ["n_ctx"] = s.Context,
            ["speculative"] = false,
            ["is_processing"] = s.IsProcessing,
        };
        if (s.Settings is not { } settings)
            return json;
        json["id_task"] = s.Task;
        json["n_prompt_tokens"] = s.Prompt;
        json["n_prompt_tokens_processed"] = s.PromptProcessed;
        json["n_prompt_tokens_cache"] = s.PromptCached;
        json["params"] = SettingsJson.Short(settings);
        json["next_token"] = new JsonArray(
            new JsonObject
            {
                ["has_next_token"] = s.IsProcessing,
                ["has_new_line"] = s.HasNewLine,
                ["n_remain"] = s.IsProcessing && settings.Predict >= 0 ? settings.Predict - s.Decoded : -1,
                ["n_decoded"] = s.Decoded,
            }
        );
        return json;
    }

    private JsonObject OllamaLike() =>
        new()
        {
            ["name"] = model.Id,
            ["model"] = model.Id,
            ["modified_at"] = "",
            ["size"] = "",
            ["digest"] = "",
            ["type"] = "model",
            ["description"] = "",
            ["tags"] = new JsonArray(""),
            ["capabilities"] = new JsonArray("completion"),
            ["parameters"] = "",
            ["details"] = new JsonObject
            {
                ["parent_model"] = "",
                ["format"] = "gguf",
                ["family"] = "",
                ["families"] = new JsonArray(""),
                ["parameter_size"] = "",
                ["quantization_level"] = "",
            },
        };
}
