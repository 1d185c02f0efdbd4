using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Parameter values by name, <c>engine.name</c> or <c>shared.name</c>, as one vector that fitting and Monte Carlo can
/// move.</summary>
public sealed class GpuParameters
{
    private readonly Dictionary<string, double> _values;
    private readonly ConditionalWeakTable<GpuEngine, GpuFactors> _resolved = [];

    /// <summary>Takes named values.</summary>
    public GpuParameters(IEnumerable<KeyValuePair<string, double>> values) =>
        _values = new Dictionary<string, double>(values, StringComparer.Ordinal);

    /// <summary>Resolves an engine: its own parameter, else that of the engine it falls back to, else the shared one.</summary>
    /// <exception cref="InputException">A parameter is nowhere stated.</exception>
    public GpuFactors For(GpuEngine engine) => _resolved.GetValue(engine, Resolve);

    private GpuFactors Resolve(GpuEngine engine)
    {
        double Get(string name) =>
            _values.TryGetValue(engine.Name + "." + name, out var own) ? own
            : engine.FallsBackTo.Length > 0 && _values.TryGetValue(engine.FallsBackTo + "." + name, out var lent) ? lent
            : _values.TryGetValue("shared." + name, out var shared) ? shared
            : throw new InputException($"calibration.yaml: no parameter '{name}' for engine '{engine.Name}'; add 'shared.{name}'");

        // A server's own parameter counts before that of the server it works like.
        double Served(string name) =>
            _values.TryGetValue(engine.Name + "." + name, out var own) ? own
            : engine.ServesLike.Length > 0 && _values.TryGetValue(engine.ServesLike + "." + name, out var served) ? served
            : Get(name);

        return new GpuFactors
        {
            LayerUs = Get("layer_us"),
            NormUs = Get("norm_us"),
            NormSequenceUs = Get("norm_sequence_us"),
            LaunchUs = Get("launch_us"),
            MixtureUs = Get("mixture_us"),
            MatrixStartUs = Get("matrix_start_us"),
            MatrixDepthUs = Get("matrix_depth_us"),
            MatrixStreaming = Get("matrix_streaming"),
            QuantiseUs = Get("quantise_us"),
            StepUs = Get("step_us"),
            PromptUs = Get("prompt_us"),
            MedianPrompts = Get("median_prompts"),
            WaitSteps = Served("wait_steps"),
            WidenedMatrix = Get("widened_matrix"),
            WidenedTraffic = Get("widened_traffic"),
            SequenceUs = Served("sequence_us"),
            KvEfficiency = Get("kv_efficiency"),
            DecodeAttentionUs = Get("decode_attention_us"),
            AttentionDepthUs = Get("attention_depth_us"),
            PromptAttentionUs = Get("prompt_attention_us"),
            AttentionEdge = Get("attention_edge"),
            GroupedQueryFactor = Get("grouped_query_factor"),
            ExpertStreaming = Get("expert_streaming"),
            ExpertMatrix = Get("expert_matrix"),
            ExpertTraffic = Get("expert_traffic"),
            CollectiveUs = Get("collective_us"),
            CollectiveCardUs = Get("collective_card_us"),
            CollectiveTwiceUs = Get("collective_twice_us"),
            SkewUs = Get("skew_us"),
            LinkOnce = Get("link_once"),
            LinkEfficiency = Get("link_efficiency"),
            Matrix16 = Get("matrix_16"),
            Matrix8 = Get("matrix_8"),
            Matrix4 = Get("matrix_4"),
            Attention = Get("attention"),
            Overlap = Get("overlap"),
            TokenTraffic = Get("token_traffic"),
            PrefillMs = Get("prefill_ms"),
            FirstTokenMs = Served("first_token_ms"),
            BytesPerClock16 = Get("bytes_per_clock_16"),
            BytesPerClockQuantised = Get("bytes_per_clock_quantised"),
            HopMs = Get("hop_ms"),
            Busy = Get("busy"),
            Power = PowerOf(Get),
        };
    }

    private static GpuPowerFactors PowerOf(Func<string, double> get) =>
        new()
        {
            Base = get("power_base"),
            Stream = get("power_stream"),
            Kv = get("power_kv"),
            Matrix = get("power_matrix"),
            Widened = get("power_widened"),
            Knee = get("power_knee"),
            Limit = get("power_limit"),
        };
}
