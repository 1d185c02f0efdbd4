using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Server.Settings;

namespace TaalasSim.Server.Requests;

/// <summary>Reads the fields of a completion with llama-server's names, aliases, limits and error messages.</summary>
/// <param name="options">Gives the defaults.</param>
/// <param name="tokenizer">The model's tokenizer.</param>
public sealed class CompletionFields(ServerOptions options, TextTokenizer tokenizer)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">A field is of the wrong type or beyond its limits.</exception>
    public CompletionSettings Read(RequestBody body)
    {
        var schema = Grammar(body);
        _ = body.Whole("n_cache_reuse", 0, 0, int.MaxValue);
        _ = body.Whole("reasoning_budget_tokens", -1, -1, int.MaxValue);
        Lora(body);
        var ignoreEnd = body.Flag("ignore_eos", false);
        var sampler = Sampler(body);
        if (ignoreEnd)
            sampler = sampler with { LogitBias = [.. sampler.LogitBias, .. Ends().Select(id => (id, float.NegativeInfinity))] };
        return new CompletionSettings
        {
            Sampler = sampler,
            Predict = (int)First(body, ["n_predict", "max_completion_tokens", "max_tokens"], options.Predict, -1, int.MaxValue),
            Keep = (int)body.Whole("n_keep", 0, -1, int.MaxValue),
            Discard = (int)body.Whole("n_discard", 0, 0, int.MaxValue),
            Indent = (int)body.Whole("n_indent", 0, 0, int.MaxValue),
            PredictMilliseconds = body.Whole("t_max_predict_ms", -1, -1, long.MaxValue),
            Stream = body.Flag("stream", false),
            IncludeUsage =
                body.Find("stream_options") is { ValueKind: JsonValueKind.Object } stream
                && RequestBody.Of(stream).Flag("include_usage", false),
            CachePrompt = body.Flag("cache_prompt", true),
            ReturnTokens = body.Flag("return_tokens", false),
            ReturnProgress = body.Flag("return_progress", false),
            TimingsPerToken = body.Flag("timings_per_token", false),
            Verbose = body.Flag("verbose", options.Verbose),
            PingSeconds = (int)body.Whole("sse_ping_interval", options.PingSeconds, -1, int.MaxValue),
            Completions = (int)First(body, ["n_cmpl", "n"], 1, 1, options.Slots),
            Probabilities = Probabilities(body),
            PostSampling = body.Flag("post_sampling_probs", false),
            IgnoreEnd = ignoreEnd,
            Stop = Stops(body),
            Grammar = schema,
            ResponseFields = body.Texts("response_fields") ?? [],
            Slot = (int)body.Whole("id_slot", -1, -1, int.MaxValue),
            ReasoningFormat = body.Text("reasoning_format", options.ReasoningFormat),
            GenerationPrompt = body.Text("generation_prompt", ""),
        };
    }

    private SamplerChainSettings Sampler(RequestBody body)
    {
        var d = options.Sampler;
        var dryBase = body.Real("dry_base", d.DryBase);
        _ = body.Real("adaptive_target", -1, most: 1);
        var decay = body.Number("adaptive_decay", 0.9);
        if (decay is < 0 or > 0.99)
            throw RequestException.Invalid(
                "Field 'adaptive_decay': Value must be between 0.000000 <= value <= 0.990000, but got "
                    + $"{decay.ToString("F6", CultureInfo.InvariantCulture)}"
            );
        return d with
        {
            Seed = Seed(body, d.Seed),
            TopK = body.Clamped("top_k", d.TopK, 0, int.MaxValue),
            TopP = body.Real("top_p", d.TopP, 0, 1),
            MinP = body.Real("min_p", d.MinP, 0, 1),
            TopNSigma = body.Real("top_n_sigma", d.TopNSigma),
            XtcProbability = body.Real("xtc_probability", d.XtcProbability, 0, 1),
            XtcThreshold = body.Real("xtc_threshold", d.XtcThreshold, 0, 1),
            TypicalP = body.Real("typical_p", d.TypicalP),
            Temperature = body.Real("temperature", d.Temperature, 0),
            DynamicTemperatureRange = body.Real("dynatemp_range", d.DynamicTemperatureRange),
            DynamicTemperatureExponent = body.Real("dynatemp_exponent", d.DynamicTemperatureExponent),
            LastN = (int)body.Whole("repeat_last_n", d.LastN, 0, int.MaxValue),
            RepeatPenalty = body.Real("repeat_penalty", d.RepeatPenalty),
            FrequencyPenalty = body.Real("frequency_penalty", d.FrequencyPenalty),
            PresencePenalty = body.Real("presence_penalty", d.PresencePenalty),
            DryMultiplier = body.Real("dry_multiplier", d.DryMultiplier),
            DryBase = dryBase < 1 ? d.DryBase : dryBase,
            DryAllowedLength = (int)body.Whole("dry_allowed_length", d.DryAllowedLength, 0, int.MaxValue),
            DryLastN = (int)body.Whole("dry_penalty_last_n", d.DryLastN, 0, int.MaxValue),
            DryBreakers = Breakers(body, d.DryBreakers),
            Mirostat = body.Clamped("mirostat", d.Mirostat, 0, 2),
            MirostatTau = body.Real("mirostat_tau", d.MirostatTau),
            MirostatEta = body.Real("mirostat_eta", d.MirostatEta),
            MinKeep = (int)body.Whole("min_keep", d.MinKeep, 0, int.MaxValue),
            LogitBias = Bias(body),
            Samplers = Samplers(body, d.Samplers),
        };
    }

    private static long First(RequestBody body, string[] names, long other, long least, long most)
    {
        foreach (var name in names)
            if (body.Has(name))
                return body.Whole(name, other, least, most);
        return other;
    }

    // A flag says one alternative in OpenAI's completions; a number says how many.
    private static int Probabilities(RequestBody body)
    {
        var name = body.Has("n_probs") ? "n_probs" : "logprobs";
        return body.Find(name) switch
        {
            null or { ValueKind: JsonValueKind.True or JsonValueKind.False } => 0,
            _ => (int)body.Whole(name, 0, int.MinValue, int.MaxValue),
        };
    }

    private static uint? Seed(RequestBody body, uint? other)
    {
        if (!body.Has("seed"))
            return other;
        var seed = unchecked((uint)(long)body.Number("seed", -1));
        return seed == uint.MaxValue ? null : seed;
    }

    private static IReadOnlyList<string> Breakers(RequestBody body, IReadOnlyList<string> other) =>
        !body.Has("dry_sequence_breakers") ? other
        : body.Texts("dry_sequence_breakers") is { Count: > 0 } breakers ? breakers
        : throw RequestException.Invalid(
            "Field 'dry_sequence_breakers': Error: dry_sequence_breakers must be a non-empty array of strings"
        );

    private static IReadOnlyList<SamplerKind> Samplers(RequestBody body, IReadOnlyList<SamplerKind> other) =>
        body.Find("samplers") switch
        {
            { ValueKind: JsonValueKind.String } letters => SamplerNames.FromLetters(letters.GetString()!),
            { ValueKind: JsonValueKind.Array } => SamplerNames.FromNames(body.Texts("samplers") ?? []),
            _ => other,
        };

    private static IReadOnlyList<string> Stops(RequestBody body) =>
        body.Find("stop") switch
        {
            { ValueKind: JsonValueKind.String } one when one.GetString()!.Length > 0 => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } list =>
            [
                .. list.EnumerateArray()
                    .Select(t => t.ValueKind == JsonValueKind.String ? t.GetString()! : throw RequestBody.WrongType("stop", "string", t))
                    .Where(t => t.Length > 0),
            ],
            _ => [],
        };

    private static void Lora(RequestBody body)
    {
        if (body.Find("lora") is not { } lora)
            return;
        if (lora.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid("Field 'lora': Error: 'lora' must be an array of objects with 'id' and 'scale' fields");
        if (lora.GetArrayLength() > 0)
            throw RequestException.Invalid("Field 'lora': this chip has no adapters to choose from");
    }

    private string Grammar(RequestBody body)
    {
        if (body.Find("json_schema") is { } schema && !body.Has("grammar"))
        {
            try
            {
                return JsonSchemaGrammar.Convert(schema);
            }
            catch (InputException e)
            {
                throw RequestException.Invalid($"Field 'json_schema': \"json_schema\": {e.Message}");
            }
        }
        return body.Text("grammar", "");
    }

    private IReadOnlyList<(int, float)> Bias(RequestBody body)
    {
        var bias = new List<(int, float)>();
        void Add(JsonElement? id, string text, JsonElement value)
        {
            float? amount = value.ValueKind switch
            {
                JsonValueKind.Number => (float)value.GetDouble(),
                JsonValueKind.False => float.NegativeInfinity,
                _ => null,
            };
            if (amount is null)
                return;
            if (id is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var token))
                bias.AddRange(token >= 0 && token < tokenizer.VocabularySize ? [(token, amount.Value)] : []);
            else
                bias.AddRange(tokenizer.Encode(text, addSpecial: false, parseSpecial: false).Select(t => (t, amount.Value)));
        }
        switch (body.Find("logit_bias"))
        {
            case { ValueKind: JsonValueKind.Array } pairs:
                foreach (var pair in pairs.EnumerateArray())
                    if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2)
                        Add(pair[0], pair[0].ValueKind == JsonValueKind.String ? pair[0].GetString()! : "", pair[1]);
                break;
            case { ValueKind: JsonValueKind.Object } map:
                foreach (var entry in map.EnumerateObject())
                    Add(
                        int.TryParse(entry.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                            ? JsonSerializer.SerializeToElement(id)
                            : null,
                        entry.Name,
                        entry.Value
                    );
                break;
        }
        return bias;
    }

    private IEnumerable<int> Ends() => Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsEndOfGeneration);
}
