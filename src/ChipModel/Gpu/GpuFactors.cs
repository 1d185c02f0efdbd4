namespace TaalasSim.ChipModel.Gpu;

/// <summary>The parameters of one engine, resolved from <c>chips/gpus/calibration.yaml</c>.</summary>
public sealed record GpuFactors
{
    /// <summary>Small kernels of one layer, µs.</summary>
    public required double LayerUs { get; init; }

    /// <summary>More time per layer for query and key normalisation, µs.</summary>
    public required double NormUs { get; init; }

    /// <summary>Engine work per sequence and step that such models' sampling defaults add, µs.</summary>
    public required double NormSequenceUs { get; init; }

    /// <summary>Host time to launch one layer's kernels, µs: no step is shorter; 0 where steps are recorded as graphs.</summary>
    public required double LaunchUs { get; init; }

    /// <summary>Fixed time per mixture layer for routing and grouping, µs.</summary>
    public required double MixtureUs { get; init; }

    /// <summary>Start-up of one matrix kernel, µs: why short reads reach less bandwidth.</summary>
    public required double MatrixStartUs { get; init; }

    /// <summary>More of it for each 4,096 inputs, µs.</summary>
    public required double MatrixDepthUs { get; init; }

    /// <summary>Share of the streaming bandwidth that matrix kernels reach.</summary>
    public required double MatrixStreaming { get; init; }

    /// <summary>Quantising the activations of a narrow product, µs.</summary>
    public required double QuantiseUs { get; init; }

    /// <summary>Host work per step that the device waits for, µs.</summary>
    public required double StepUs { get; init; }

    /// <summary>Host work per prompt that starts, µs.</summary>
    public required double PromptUs { get; init; }

    /// <summary>Prompts that the median step carries, against the Poisson median.</summary>
    public required double MedianPrompts { get; init; }

    /// <summary>Steps that pass until the engine takes a request up and the server hands its first token out.</summary>
    public required double WaitSteps { get; init; }

    /// <summary>Share of the 16-bit matrix rate that grouped products with narrower weights reach.</summary>
    public required double WidenedMatrix { get; init; }

    /// <summary>Times that the rows of such products pass through memory.</summary>
    public required double WidenedTraffic { get; init; }

    /// <summary>Host work per sequence and step, µs.</summary>
    public required double SequenceUs { get; init; }

    /// <summary>Share of the streaming bandwidth that key/value reads reach.</summary>
    public required double KvEfficiency { get; init; }

    /// <summary>Start-up of one decode attention kernel, µs.</summary>
    public required double DecodeAttentionUs { get; init; }

    /// <summary>More of it for each 4,096 tokens of context, µs.</summary>
    public required double AttentionDepthUs { get; init; }

    /// <summary>Start-up of one prompt attention kernel, µs.</summary>
    public required double PromptAttentionUs { get; init; }

    /// <summary>Work of incomplete tiles of prompt attention, in tiles of 128 tokens.</summary>
    public required double AttentionEdge { get; init; }

    /// <summary>Further share for grouped queries (old engines read shared heads more than once).</summary>
    public required double GroupedQueryFactor { get; init; }

    /// <summary>Share of the streaming bandwidth that expert weights reach.</summary>
    public required double ExpertStreaming { get; init; }

    /// <summary>Share of the matrix rate that grouped products reach.</summary>
    public required double ExpertMatrix { get; init; }

    /// <summary>Times that the rows of grouped products pass through memory.</summary>
    public required double ExpertTraffic { get; init; }

    /// <summary>Start-up of one all-reduce, µs; two per layer.</summary>
    public required double CollectiveUs { get; init; }

    /// <summary>More of it for each card above two, µs.</summary>
    public required double CollectiveCardUs { get; init; }

    /// <summary>More of it where the sum is formed in two shots, µs.</summary>
    public required double CollectiveTwiceUs { get; init; }

    /// <summary>Wait for the slowest card at each all-reduce, µs for each doubling of the cards.</summary>
    public required double SkewUs { get; init; }

    /// <summary>Share of the one-way link rate that a one-shot all-reduce reaches.</summary>
    public required double LinkOnce { get; init; }

    /// <summary>Share of the one-way link rate that a two-shot all-reduce reaches.</summary>
    public required double LinkEfficiency { get; init; }

    /// <summary>Share of the 16-bit matrix peak.</summary>
    public required double Matrix16 { get; init; }

    /// <summary>Share of the 8-bit matrix peak.</summary>
    public required double Matrix8 { get; init; }

    /// <summary>Share of the 4-bit matrix peak.</summary>
    public required double Matrix4 { get; init; }

    /// <summary>Share of the 16-bit matrix peak in prompt attention.</summary>
    public required double Attention { get; init; }

    /// <summary>Exponent that joins reading and multiplying: 1 adds them, large overlaps them.</summary>
    public required double Overlap { get; init; }

    /// <summary>Times that the residual stream passes through memory in the small kernels of a layer.</summary>
    public required double TokenTraffic { get; init; }

    /// <summary>Set-up of one prompt step, ms.</summary>
    public required double PrefillMs { get; init; }

    /// <summary>Server work before the first token, ms.</summary>
    public required double FirstTokenMs { get; init; }

    /// <summary>Bytes per clock and multiprocessor that the engine's 16-bit kernels can stream; 0 for no such limit.</summary>
    public required double BytesPerClock16 { get; init; }

    /// <summary>The same for its block-quantised kernels.</summary>
    public required double BytesPerClockQuantised { get; init; }

    /// <summary>Hand-over between cards that hold consecutive layers, ms.</summary>
    public required double HopMs { get; init; }

    /// <summary>Share of a saturated run in which the card works.</summary>
    public required double Busy { get; init; }

    /// <summary>Power.</summary>
    public required GpuPowerFactors Power { get; init; }
}
