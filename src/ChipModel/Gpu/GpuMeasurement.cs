namespace TaalasSim.ChipModel.Gpu;

/// <summary>One published figure as the measurement tables write it; texts are kept unchanged.</summary>
public sealed record GpuMeasurement
{
    /// <summary>Identifier, unique within its table.</summary>
    public required string Id { get; init; }

    /// <summary>Card in the source's words, e.g. <c>H200 SXM</c>.</summary>
    public required string Gpu { get; init; }

    /// <summary>Cards of the run, at least 1.</summary>
    public required int Cards { get; init; }

    /// <summary>Tensor parallelism; 0 when not stated.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Model in the source's words, e.g. <c>Llama-3.1-8B</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Weight format; <c>(assumed)</c> behind it when the source does not say.</summary>
    public required string WeightFormat { get; init; }

    /// <summary>Key/value format, as <see cref="WeightFormat"/>; empty when not stated.</summary>
    public required string KvFormat { get; init; }

    /// <summary>Inference engine in the source's words.</summary>
    public required string Engine { get; init; }

    /// <summary>Its version; empty when not stated.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Batch or concurrency in the source's words, e.g. <c>8.0</c>, <c>saturated</c>, <c>QPS 2 (~8.0 in decode)</c>.</summary>
    public required string Batch { get; init; }

    /// <summary>Prompt tokens of a request; <c>~</c> in front when the source rounds.</summary>
    public required string Input { get; init; }

    /// <summary>Answer tokens of a request, as <see cref="Input"/>.</summary>
    public required string Output { get; init; }

    /// <summary>What was measured, e.g. <c>tpot_ms</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>The figure, in the unit that <see cref="Metric"/> names.</summary>
    public required double Value { get; init; }

    /// <summary>Title of the publication.</summary>
    public required string Source { get; init; }

    /// <summary>Conditions that have no column; with <c>median</c> in it the prediction of a step is the median.</summary>
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
