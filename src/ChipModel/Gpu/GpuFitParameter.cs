using System.Globalization;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>One parameter of the GPU model: what is known of it before the fit.</summary>
/// <param name="Name"><c>engine.name</c> or <c>shared.name</c>.</param>
/// <param name="Prior">Expected value.</param>
/// <param name="Spread">Standard deviation of its logarithm before the fit; 0 for a parameter that stays as it is.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Reason">Where the expectation comes from.</param>
public sealed record GpuFitParameter(string Name, double Prior, double Spread, string Unit, string Reason)
{
    /// <summary>Whether the parameter is not fitted.</summary>
    public bool Fixed => Spread == 0;

    /// <summary>Every parameter. New engines add a line here only where measurements tell them apart from the engine they fall back
    /// to.</summary>
    public static IReadOnlyList<GpuFitParameter> All { get; } =
    [
        new("shared.matrix_start_us", 3.0, 0.15, "us", "kernel tables: 2.7 to 3.3 us on Hopper and Blackwell"),
        new("shared.matrix_depth_us", 1.4, 0.2, "us", "kernel tables: 1.2 to 1.6 us for each 4,096 inputs"),
        new("shared.matrix_streaming", 0.96, 0.04, "1", "kernel tables: 0.82 to 0.90 of the bandwidth, 0.96 of a long read"),
        new("shared.overlap", 3, 0.3, "1", "kernel tables: reading and multiplying join as (a^4 + b^4)^(1/4)"),
        new("shared.quantise_us", 3, 0.5, "us", "kernel tables: 2 to 10 us where it is a kernel of its own; engines fuse part of it"),
        new("shared.matrix_16", 0.8, 0.06, "1", "kernel tables: 0.79 to 0.82 on Hopper"),
        new("shared.matrix_8", 0.58, 0.08, "1", "kernel tables: 0.56 to 0.61 on Hopper"),
        new("shared.matrix_4", 0.5, 0.1, "1", "kernel tables: 0.43 to 0.45 on Blackwell, over its matrix fraction"),
        new("shared.attention", 0.6, 0.15, "1", "kernel tables: 0.54 to 0.66"),
        new("shared.attention_edge", 7, 0.3, "1", "kernel tables: 5 to 14"),
        new("shared.prompt_attention_us", 14, 0.15, "us", "kernel tables: 13 to 17 us"),
        new("shared.decode_attention_us", 8, 0.3, "us", "kernel tables: 7 to 15 us"),
        new("shared.attention_depth_us", 0.6, 0.3, "us", "kernel tables: 0.2 to 1.2 us for each 4,096 tokens"),
        new("shared.kv_efficiency", 0.93, 0.06, "1", "kernel tables: 0.79 to 0.88 of the bandwidth"),
        new("shared.link_once", 0.6, 0.1, "1", "kernel tables: 0.57 to 0.66"),
        new("shared.link_efficiency", 0.72, 0.06, "1", "kernel tables: 0.65 to 0.78"),
        new("shared.collective_us", 4, 0.15, "us", "kernel tables: 2.9 to 4.4 us on Hopper"),
        new("shared.collective_card_us", 0.08, 0, "us", "kernel tables: 0.05 to 0.18 us"),
        new("shared.collective_twice_us", 6, 0, "us", "kernel tables: 5 to 7 us"),
        new("shared.skew_us", 4, 0.5, "us", "cards of one group do not reach an all-reduce together"),
        new("shared.layer_us", 12, 0.4, "us", "two norms, rotary embedding with cache write, activation: 2 to 4 us each"),
        new("shared.token_traffic", 12, 0.4, "1", "norms, rotary embedding and activation read and write the stream about twice each"),
        new("shared.norm_us", 4, 0.4, "us", "a small kernel per layer"),
        new("shared.norm_sequence_us", 8, 0.5, "us", "top-k beside top-p sampling, which these models' defaults ask for"),
        new("shared.step_us", 300, 0.7, "us", "scheduler between steps"),
        new("shared.launch_us", 0, 0, "us", "steps are recorded as graphs"),
        new("shared.mixture_us", 45, 0.3, "us", "kernel tables: 15 to 45 us, with router and sort"),
        new("shared.expert_streaming", 0.78, 0.1, "1", "kernel tables: 0.7 to 0.9"),
        new("shared.expert_matrix", 0.6, 0.25, "1", "kernel tables: 0.25 to 0.75 of the peak by kernel and skew of the routing"),
        new("shared.expert_traffic", 2.5, 0.3, "1", "kernel tables: 2 to 4"),
        new("shared.grouped_query_factor", 1, 0, "1", "current kernels read a shared head once"),
        new("shared.first_token_ms", 0, 0, "ms", "engine-only timings"),
        new("shared.bytes_per_clock_16", 0, 0, "B", "no such limit in graph-captured engines"),
        new("shared.bytes_per_clock_quantised", 0, 0, "B", "no such limit in graph-captured engines"),
        new("shared.hop_ms", 0, 0, "ms", "no hand-over"),
        new("shared.busy", 0.95, 0.05, "1", "scheduling gaps of a saturated run"),
        new("shared.power_base", 0.25, 0.3, "1", "batch-1 power less what the bytes cost"),
        new("shared.power_stream", 0.55, 0.3, "1", "power anchors: 0.4 to 0.8 of the limit"),
        new("shared.power_kv", 0.9, 0.3, "1", "H100 in long contexts: about 690 W"),
        new("shared.power_matrix", 2.0, 0.3, "1", "power anchors: 2 to 4 times the limit"),
        new("shared.power_widened", 0.15, 0.5, "1", "unpacking occupies the vector units"),
        new("shared.power_knee", 3, 0.3, "1", "approach to the limit"),
        new("shared.power_limit", 0.98, 0, "1", "power anchors: full cards draw 0.97 to 1 of the limit"),
        new("vllm.step_us", 800, 0.5, "us", "scheduler between steps, not overlapped"),
        new("vllm.sequence_us", 35, 0.4, "us", "scheduler, sampler and detokeniser per sequence"),
        new("vllm.prefill_ms", 2, 0.5, "ms", "prompt set-up"),
        new("tensorrt-llm.step_us", 200, 0.7, "us", "scheduler between steps, overlapped"),
        new("tensorrt-llm.sequence_us", 6, 0.4, "us", "sampler per sequence"),
        new("tensorrt-llm.prefill_ms", 1.5, 0.5, "ms", "prompt set-up"),
        new("tensorrt-llm-legacy.layer_us", 16, 0.4, "us", "decode traces less matrix kernels"),
        new("tensorrt-llm-legacy.sequence_us", 10, 0.4, "us", "sampler per sequence"),
        new("tensorrt-llm-legacy.kv_efficiency", 0.95, 0.1, "1", "paged attention of 2023"),
        new(
            "tensorrt-llm-legacy.grouped_query_factor",
            0.8,
            0.3,
            "1",
            "grouped-query attention ran 1.3 to 2.0 times slower than its bytes"
        ),
        new("tensorrt-llm-legacy.skew_us", 8, 0.5, "us", "library all-reduce before one-shot kernels"),
        new("tensorrt-llm-legacy.launch_us", 150, 0.3, "us", "prompt floor of 5.7 to 6.5 ms at 28 to 32 layers"),
        new("tensorrt-llm-legacy.prefill_ms", 2, 0.5, "ms", "prompt set-up"),
        new("triton.step_us", 800, 0.5, "us", "engine behind a server"),
        new("triton.sequence_us", 30, 0.5, "us", "streaming of single tokens"),
        new("triton.first_token_ms", 4, 0.5, "ms", "server and client"),
        new("nim.step_us", 1000, 0.5, "us", "engine behind a server"),
        new("lmdeploy.sequence_us", 30, 0.5, "us", "scheduler and sampler"),
        new("llama.cpp.layer_us", 60, 0.3, "us", "many small kernels per layer"),
        new("llama.cpp.step_us", 200, 0, "us", "estimate; graph launch and sampling"),
        new("llama.cpp.sequence_us", 50, 0, "us", "estimate; sampling on the host"),
        new("llama.cpp.quantise_us", 3, 0, "us", "estimate; activations become q8_1"),
        new("llama.cpp.bytes_per_clock_16", 7, 0.4, "B", "matrix-vector kernels bound by the multiprocessors on cards with fast memory"),
        new("llama.cpp.bytes_per_clock_quantised", 9, 0.4, "B", "as above with unpacking"),
        new("llama.cpp.matrix_16", 0.33, 0.3, "1", "quantised products through 16-bit or 8-bit units"),
        new("llama.cpp.matrix_8", 0.33, 0.4, "1", "estimate from matrix_16; no calibration rows on cards with 8-bit floating units"),
        new("llama.cpp.attention", 0.15, 0.5, "1", "prompt attention without a fused kernel"),
        new("llama.cpp.hop_ms", 2, 0.5, "ms", "copy and synchronise between cards"),
        new("llama.cpp.prefill_ms", 1, 0.5, "ms", "prompt set-up"),
        new("shared.prompt_us", 1000, 0.7, "us", "scheduling and launches of a prompt"),
        new("shared.median_prompts", 0.7, 0.4, "1", "prompts come in groups"),
        new("shared.wait_steps", 0.5, 0, "1", "half a step on average"),
        new("shared.widened_matrix", 0.4, 0.3, "1", "kernel tables: 0.3 to 0.5"),
        new("shared.widened_traffic", 3, 0.4, "1", "kernel tables: 1.5 to 3.9"),
        new("tensorrt-llm.widened_traffic", 15, 0.4, "1", "kernel tables: 13 to 37 on Hopper"),
        new("tensorrt-llm.widened_matrix", 0.4, 0.3, "1", "kernel tables: 0.2 to 0.6"),
        new("vllm.prompt_us", 8000, 0.7, "us", "mean less median step over prompts per step"),
        new("vllm.skew_us", 4, 0.5, "us", "cards of one group do not reach an all-reduce together"),
        new("tensorrt-llm.skew_us", 4, 0.5, "us", "cards of one group do not reach an all-reduce together"),
        new("triton.skew_us", 6, 0.5, "us", "library all-reduce of 2024"),
        new("vllm-async.step_us", 150, 0.5, "us", "scheduler overlaps the device"),
        new("vllm-async.sequence_us", 5, 0.5, "us", "scheduler overlaps the device"),
        new("vllm-async.skew_us", 2, 0.5, "us", "all-reduce and norm are one kernel"),
        new("vllm-async.layer_us", 10, 0.3, "us", "fused kernels"),
        new("nim.wait_steps", 4, 0.4, "1", "requests are taken up in groups"),
        new("triton.wait_steps", 0.7, 0.4, "1", "half a step on average"),
    ];

    /// <summary>The fitted constant with its 90 % interval (log scale); an unfitted one keeps a wide or exact interval by what it
    /// is.</summary>
    public Constant Constant(double value, double halfWidth)
    {
        var estimate = Reason.StartsWith("estimate", StringComparison.Ordinal);
        var half = Fixed
            ? (
                estimate ? 0.35
                : value == 0 || Prior == 1 ? 0
                : 0.1
            )
            : halfWidth;
        return new Constant
        {
            Value = value,
            Low = value * Math.Exp(-half),
            High = value * Math.Exp(half),
            Unit = Unit,
            Source = Fixed ? Reason : string.Create(CultureInfo.InvariantCulture, $"fitted; before the fit {Prior} ({Reason})"),
            Confidence =
                estimate ? "low"
                : Fixed ? "medium"
                : "high",
        };
    }
}
