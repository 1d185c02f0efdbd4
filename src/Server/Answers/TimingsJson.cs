using System.Text.Json.Nodes;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>What an answer took: on the host as llama-server tells it, and on the simulated chip beside it.</summary>
internal static class TimingsJson
{
    /// <summary>Host times, with llama-server's names.</summary>
    public static JsonObject Host(AnswerTimings t)
    {
        // The first token comes from the logits of the prompt, so it took no step.
        var steps = Math.Max(0, t.Predicted - 1);
        return new JsonObject
        {
            ["cache_n"] = t.Cached,
            ["prompt_n"] = t.Prompt,
            ["prompt_ms"] = t.PromptMs,
            ["prompt_per_token_ms"] = Ratio(t.PromptMs, t.Prompt),
            ["prompt_per_second"] = Ratio(t.Prompt * 1000.0, t.PromptMs),
            ["predicted_n"] = t.Predicted,
            ["predicted_ms"] = t.PredictedMs,
            ["predicted_per_token_ms"] = Ratio(t.PredictedMs, steps),
            ["predicted_per_second"] = steps > 0 ? Ratio(1e3, t.PredictedMs) * steps : 0,
        };
    }

    /// <summary>Simulated time, power and energy.</summary>
    public static JsonObject Chip(AnswerTimings t)
    {
        var seconds = t.SimulatedFirstTokenSeconds + t.SimulatedDecodeSeconds;
        return new JsonObject
        {
            ["source"] = "simulated",
            ["simulated_s"] = seconds,
            ["time_to_first_token_s"] = t.SimulatedFirstTokenSeconds,
            ["decode_s"] = t.SimulatedDecodeSeconds,
            ["tokens_per_second"] = Ratio(Math.Max(0, t.Predicted - 1), t.SimulatedDecodeSeconds),
            ["watts"] = t.Watts,
            ["joules"] = t.Joules,
            ["joules_per_token"] = Ratio(t.Joules, t.Predicted),
        };
    }

    private static double Ratio(double a, double b) => b > 0 ? a / b : 0;
}
