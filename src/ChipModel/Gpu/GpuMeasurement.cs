namespace TaalasSim.ChipModel.Gpu;

/// <summary>One published figure as the measurement tables write it; texts are kept unchanged.</summary>
public sealed record GpuMeasurement
{
    /// <summary>Identifier, unique within its table.</summary>
    public required string Id { get; init; }

    public required string Gpu { get; init; }

    public required int Cards { get; init; }

    /// <summary>Tensor parallelism; 0 when not stated.</summary>
    public required int TensorParallel { get; init; }

    public required string Model { get; init; }

    public required string WeightFormat { get; init; }

    public required string KvFormat { get; init; }

    public required string Engine { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>Batch or concurrency in the source's words, e.g. <c>8.0</c>, <c>saturated</c>, <c>QPS 2 (~8.0 in decode)</c>.</summary>
    public required string Batch { get; init; }

    public required string Input { get; init; }

    public required string Output { get; init; }

    /// <summary>What was measured, e.g. <c>tpot_ms</c>.</summary>
    public required string Metric { get; init; }

    public required double Value { get; init; }

    public required string Source { get; init; }

    public required string Note { get; init; }

    /// <summary>What a rate or power counts: <c>per_gpu</c>, <c>group</c> or <c>per_user</c>; empty: as the metric's name says.</summary>
    public string Scope { get; init; } = "";

    /// <summary>How requests come: <c>saturated</c>, <c>closed_loop</c>, <c>constrained</c>, <c>single</c> or <c>unknown</c>; empty: not
    /// stated.</summary>
    public string Arrival { get; init; } = "";

    /// <summary>Year of publication; 0 when not stated.</summary>
    public int Year { get; init; }

    /// <summary>Figures of one run share this key: they must not be split or counted as independent.</summary>
    public string Run =>
        string.Join('|', Gpu, Cards, TensorParallel, Model, WeightFormat, Engine, EngineVersion, Batch, Input, Output, Source);
}
