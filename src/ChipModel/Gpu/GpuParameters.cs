using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Parameter values by name, <c>engine.name</c> or <c>shared.name</c>, as one vector that fitting and Monte Carlo can
/// move.</summary>
public sealed class GpuParameters
{
    private readonly Dictionary<string, double> _values;

    /// <summary>Takes named values.</summary>
    public GpuParameters(IEnumerable<KeyValuePair<string, double>> values) =>
        _values = new Dictionary<string, double>(values, StringComparer.Ordinal);

    /// <summary>Resolves an engine: its own parameter, else that of the engine it falls back to, else the shared one.</summary>
    /// <exception cref="InputException">A parameter is nowhere stated.</exception>
    public GpuFactors For(GpuEngine engine)
    {
        double Get(string name) =>
            _values.TryGetValue(engine.Name + "." + name, out var own) ? own
            : engine.FallsBackTo.Length > 0 && _values.TryGetValue(engine.FallsBackTo + "." + name, out var lent) ? lent
            : _values.TryGetValue("shared." + name, out var shared) ? shared
            : throw new InputException($"calibration.yaml: no parameter '{name}' for engine '{engine.Name}'; add 'shared.{name}'");

        double Served(string name) =>
            engine.ServesLike.Length > 0 && _values.TryGetValue(engine.ServesLike + "." + name, out var served) ? served : Get(name);

        return new GpuFactors
        {
            LayerUs = Get("layer_us"),
            NormUs = Get("norm_us"),
            NormSequenceUs = Get("norm_sequence_us"),
            LaunchUs = Get("launch_us"),
            MixtureUs = Get("mixture_us"),
            MatrixStartUs = Get("matrix_start_us"),
            SequenceUs = Served("sequence_us"),
            KvEfficiency = Get("kv_efficiency"),
            GroupedQueryFactor = Get("grouped_query_factor"),
            ExpertStreaming = Get("expert_streaming"),
            CollectiveUs = Get("collective_us"),
            LinkEfficiency = Get("link_efficiency"),
            Matrix16 = Get("matrix_16"),
            Matrix8 = Get("matrix_8"),
            Matrix4 = Get("matrix_4"),
            Attention = Get("attention"),
            Overlap = Get("overlap"),
            PrefillMs = Get("prefill_ms"),
            FirstTokenMs = Served("first_token_ms"),
            BytesPerClock16 = Get("bytes_per_clock_16"),
            BytesPerClockQuantised = Get("bytes_per_clock_quantised"),
            HopMs = Get("hop_ms"),
            Busy = Get("busy"),
            PowerBase = Get("power_base"),
            PowerStream = Get("power_stream"),
            PowerKv = Get("power_kv"),
            PowerMatrix = Get("power_matrix"),
        };
    }
}
