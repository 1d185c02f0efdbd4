using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>An inference engine (<c>chips/gpus/engines/*.yaml</c>): how it schedules. Fitted parameters are in
/// <c>chips/gpus/calibration.yaml</c>.</summary>
public sealed record GpuEngine
{
    /// <summary>Name, and prefix of its fitted parameters, e.g. <c>vllm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings under which measurements name this engine.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Engine whose fitted parameters are used where this one has none; empty for none.</summary>
    public string FallsBackTo { get; init; } = "";

    /// <summary>Engine whose fitted costs per sequence and before the first token apply, for a server around another engine; empty for
    /// none.</summary>
    public string ServesLike { get; init; } = "";

    /// <summary>Weight format that a comparison takes with this engine where none is named; empty: FP8 where the card has it, else
    /// BF16.</summary>
    public string UsualWeights { get; init; } = "";

    /// <summary>This preset holds for engine versions below this one, e.g. <c>0.10</c>; empty: for all others.</summary>
    public string VersionBelow { get; init; } = "";

    /// <summary>Year to which the preset is taken where a run states no version; 0: for none.</summary>
    [FieldRange(0, 2100, "year")]
    public int UntilYear { get; init; }

    /// <summary>Share of each card's memory the engine uses. A card holds about 7 % more than its decimal datasheet figure, so the share
    /// can be above 1.</summary>
    [FieldRange(0.01, 1.1, "1")]
    public required double MemoryFraction { get; init; }

    /// <summary>Share of the memory left after the weights that keys and values get, 0 to 1.</summary>
    [FieldRange(0.01, 1, "1")]
    public double KvFraction { get; init; } = 1;

    /// <summary>Workspace and activations per card, GB.</summary>
    [FieldRange(0, 1000, "GB")]
    public required double ReservedGb { get; init; }

    /// <summary>More of it where the model is a mixture of experts, GB.</summary>
    [FieldRange(0, 1000, "GB")]
    public double MixtureReservedGb { get; init; }

    /// <summary>Largest number of sequences in one step.</summary>
    [FieldRange(1, 1e6, "sequences")]
    public required int MaximumBatch { get; init; }

    /// <summary>Most tokens of one step, answers and prompts together, as the engine has it by default: a longer prompt is read in several
    /// steps.</summary>
    [FieldRange(1, 1e6, "tokens")]
    public required int StepTokens { get; init; }

    /// <summary>Whether a sequence is admitted only with room for its whole answer (no eviction later).</summary>
    public bool ReservesWholeContext { get; init; }

    /// <summary>Whether prompts join running batches; false: a batch is prefilled, decoded and retired as one.</summary>
    public bool InFlightBatching { get; init; } = true;

    /// <summary>Whether the cards of one machine hold consecutive layers and work in turn when no tensor parallelism is asked
    /// for.</summary>
    public bool SplitsLayers { get; init; }

    /// <summary>Whether FP8 weights bring an FP8 key/value cache unless stated otherwise.</summary>
    public bool Fp8KvWithFp8Weights { get; init; }
}
