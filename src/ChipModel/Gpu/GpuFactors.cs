namespace TaalasSim.ChipModel.Gpu;

/// <summary>Fitted parameters of one engine, resolved to plain numbers for one evaluation.</summary>
public sealed record GpuFactors
{
    /// <summary>Fixed time per layer and step beside the matrix kernels, µs at <see cref="ReferenceClockGhz"/>.</summary>
    public required double LayerUs { get; init; }

    /// <summary>More time per layer for query and key normalisation, µs.</summary>
    public required double NormUs { get; init; }

    /// <summary>Engine work per sequence and step that such models' sampling defaults add, µs.</summary>
    public required double NormSequenceUs { get; init; }

    /// <summary>Host time to launch one layer's kernels, µs: no step is shorter; 0 where steps are recorded as graphs.</summary>
    public required double LaunchUs { get; init; }

    /// <summary>More time per mixture layer for routing and grouping, µs.</summary>
    public required double MixtureUs { get; init; }

    /// <summary>Start-up of one matrix kernel, µs: why short reads reach less bandwidth.</summary>
    public required double MatrixStartUs { get; init; }

    /// <summary>Engine work per sequence and step, µs.</summary>
    public required double SequenceUs { get; init; }

    /// <summary>Share of the streaming bandwidth that key/value reads reach.</summary>
    public required double KvEfficiency { get; init; }

    /// <summary>Further share for grouped queries (old engines read shared heads more than once).</summary>
    public required double GroupedQueryFactor { get; init; }

    /// <summary>Share of the streaming bandwidth that expert weights reach.</summary>
    public required double ExpertStreaming { get; init; }

    /// <summary>Start-up of one all-reduce, µs; two per layer.</summary>
    public required double CollectiveUs { get; init; }

    /// <summary>Share of the one-way link rate that an all-reduce reaches.</summary>
    public required double LinkEfficiency { get; init; }

    /// <summary>Share of the 16-bit matrix peak.</summary>
    public required double Matrix16 { get; init; }

    /// <summary>Share of the 8-bit matrix peak.</summary>
    public required double Matrix8 { get; init; }

    /// <summary>Share of the 4-bit matrix peak.</summary>
    public required double Matrix4 { get; init; }

    /// <summary>Share of the 16-bit matrix peak in prompt attention.</summary>
    public required double Attention { get; init; }

    /// <summary>Exponent that joins weight reading and multiplication: 1 adds them, large overlaps them.</summary>
    public required double Overlap { get; init; }

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

    /// <summary>Power above idle while working, as a share of the room up to the limit.</summary>
    public required double PowerBase { get; init; }

    /// <summary>More of that room while weights stream.</summary>
    public required double PowerStream { get; init; }

    /// <summary>More of that room while keys and values stream.</summary>
    public required double PowerKv { get; init; }

    /// <summary>More of that room while the matrix units are full.</summary>
    public required double PowerMatrix { get; init; }

    /// <summary>Clock at which <see cref="LayerUs"/> was fitted (H100 SXM), GHz.</summary>
    public const double ReferenceClockGhz = 1.98;
}
