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
        new("shared.matrix_start_us", 5, 0, "us", "Vidur matrix kernels on H100 and A100: time = 5 us + bytes / streaming rate"),
        new(
            "shared.overlap",
            2,
            0.2,
            "1",
            "between adding (1) and the isolated matrix kernels (3): activation kernels grow with the tokens too"
        ),
        new("shared.matrix_16", 0.70, 0.08, "1", "Vidur matrix kernels at 1,024 to 4,096 tokens: 68 to 85 % of peak"),
        new("shared.matrix_8", 0.58, 0.15, "1", "prefill tables: 45 to 46 % of peak for the whole model"),
        new("shared.matrix_4", 0.50, 0, "1", "estimate: continues the fall from 16 to 8 bits; no calibration rows"),
        new("shared.attention", 0.40, 0.3, "1", "fused prompt attention, forward"),
        new("shared.link_efficiency", 0.50, 0.3, "1", "ring all-reduce bandwidth tests"),
        new("shared.collective_us", 5, 0.4, "us", "one-shot all-reduce of two cards; grows with the logarithm of the number of cards"),
        new("shared.norm_us", 15, 0.4, "us", "two small kernels per layer (Vidur: 4 to 6 us each with their gaps)"),
        new("shared.norm_sequence_us", 8, 0.5, "us", "top-k beside top-p sampling, which these models' defaults ask for"),
        new("shared.launch_us", 0, 0, "us", "steps are recorded as graphs"),
        new("shared.mixture_us", 25, 0, "us", "estimate: router, top-k, sort and gather kernels; no calibration rows"),
        new("shared.expert_streaming", 0.75, 0, "1", "estimate: grouped products read short matrices; no calibration rows"),
        new("shared.kv_efficiency", 0.95, 0.03, "1", "paged attention in long contexts"),
        new("shared.grouped_query_factor", 1, 0, "1", "current kernels read a shared head once"),
        new("shared.first_token_ms", 0, 0, "ms", "engine-only timings"),
        new("shared.bytes_per_clock_16", 0, 0, "B", "no such limit in graph-captured engines"),
        new("shared.bytes_per_clock_quantised", 0, 0, "B", "no such limit in graph-captured engines"),
        new("shared.hop_ms", 0, 0, "ms", "no hand-over"),
        new("shared.busy", 0.95, 0.05, "1", "scheduling gaps of a saturated run"),
        new("shared.power_base", 0.30, 0.3, "1", "batch-1 power 400 to 460 W on H100"),
        new("shared.power_stream", 0.25, 0.4, "1", "H100 at batch 8: about 440 to 490 W"),
        new("shared.power_kv", 0.70, 0.3, "1", "H100 in long contexts: about 690 W"),
        new("shared.power_matrix", 0.70, 0.3, "1", "H100 at large batches: at the limit"),
        new("vllm.layer_us", 32, 0.3, "us", "decode traces less matrix kernels"),
        new("vllm.sequence_us", 40, 0.4, "us", "scheduler, sampler and detokeniser per sequence"),
        new("vllm.collective_us", 3, 0.5, "us", "one-shot all-reduce inside a recorded graph"),
        new("vllm.prefill_ms", 2, 0.5, "ms", "prompt set-up"),
        new("tensorrt-llm.layer_us", 32, 0.3, "us", "decode traces less matrix kernels"),
        new("tensorrt-llm.sequence_us", 12, 0.4, "us", "sampler per sequence"),
        new("tensorrt-llm.kv_efficiency", 0.98, 0.03, "1", "paged attention"),
        new("tensorrt-llm.prefill_ms", 1.5, 0.5, "ms", "prompt set-up"),
        new("tensorrt-llm-legacy.layer_us", 32, 0.3, "us", "decode traces less matrix kernels"),
        new("tensorrt-llm-legacy.sequence_us", 15, 0.4, "us", "sampler per sequence"),
        new("tensorrt-llm-legacy.kv_efficiency", 0.95, 0.05, "1", "paged attention of 2023"),
        new(
            "tensorrt-llm-legacy.grouped_query_factor",
            0.6,
            0.3,
            "1",
            "grouped-query attention ran 1.3 to 2.0 times slower than its bytes"
        ),
        new("tensorrt-llm-legacy.collective_us", 10, 0.5, "us", "library all-reduce before one-shot kernels"),
        new("tensorrt-llm-legacy.launch_us", 150, 0.3, "us", "prompt floor of 5.7 to 6.5 ms at 28 to 32 layers"),
        new("tensorrt-llm-legacy.prefill_ms", 2, 0.5, "ms", "prompt set-up"),
        new("triton.layer_us", 40, 0.3, "us", "engine behind a server"),
        new("triton.sequence_us", 30, 0.5, "us", "streaming of single tokens"),
        new("triton.first_token_ms", 4, 0.5, "ms", "server and client"),
        new("lmdeploy.sequence_us", 30, 0.5, "us", "scheduler and sampler"),
        new("llama.cpp.layer_us", 90, 0.3, "us", "many small kernels per layer"),
        new("llama.cpp.sequence_us", 50, 0, "us", "estimate; sampling on the host"),
        new("llama.cpp.bytes_per_clock_16", 7, 0.4, "B", "matrix-vector kernels bound by the multiprocessors on cards with fast memory"),
        new("llama.cpp.bytes_per_clock_quantised", 9, 0.4, "B", "as above with unpacking"),
        new("llama.cpp.matrix_16", 0.33, 0.3, "1", "quantised products through 16-bit or 8-bit units"),
        new("llama.cpp.matrix_8", 0.33, 0.4, "1", "estimate from matrix_16; no calibration rows on cards with 8-bit floating units"),
        new("llama.cpp.attention", 0.15, 0.5, "1", "prompt attention without a fused kernel"),
        new("llama.cpp.hop_ms", 2, 0.5, "ms", "copy and synchronise between cards"),
        new("llama.cpp.prefill_ms", 1, 0.5, "ms", "prompt set-up"),
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
            Source = Fixed
                ? Reason
                : string.Create(CultureInfo.InvariantCulture, $"fitted on calibration.csv; before the fit {Prior} ({Reason})"),
            Confidence =
                estimate ? "low"
                : Fixed ? "medium"
                : "high",
        };
    }
}
