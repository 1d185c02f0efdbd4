using TaalasSim.ChipModel.Chip;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Reports.Pages;

/// <summary>Everything that the page shows. Parts that are null or empty are left out of it.</summary>
public sealed record ReportData
{
    /// <summary>Heading, e.g. <c>Llama 3.1 8B on HC1</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Program and version that made the report.</summary>
    public required string Product { get; init; }

    /// <summary>Chip and GPUs.</summary>
    public required ComparisonReport Comparison { get; init; }

    /// <summary>What the chip is: model, fabric, formats, resources, digests.</summary>
    public required IReadOnlyList<Fact> Chip { get; init; }

    /// <summary>How the code formats were chosen matrix by matrix.</summary>
    public WeightChoice? Weights { get; init; }

    /// <summary>Where the time of a token goes.</summary>
    public LatencyData? Latency { get; init; }

    /// <summary>Where time, area and power go, with intervals.</summary>
    public WhereItGoes? Where { get; init; }

    /// <summary>Whether the chip still says what its model says; null leaves the section out.</summary>
    public QualityFacts? Quality { get; init; }

    /// <summary>What is where.</summary>
    public FloorplanData? Floorplan { get; init; }

    /// <summary>The two mask layers; null when only the shape is known.</summary>
    public MaskPictures? Masks { get; init; }

    /// <summary>Costs and cross-over; null when the chip serves nobody.</summary>
    public CostReport? Costs { get; init; }

    /// <summary>A sweep's curves.</summary>
    public SeriesData? Sweep { get; init; }

    /// <summary>Its points, front and chosen point.</summary>
    public SweepView? SweepPoints { get; init; }

    /// <summary>Constants that the figures rest on.</summary>
    public required ConstantList Constants { get; init; }

    /// <summary>What moves speed, power and cost most.</summary>
    public IReadOnlyList<FigureMoves> Moves { get; init; } = [];

    /// <summary>Commands that make the report again.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Remarks that a reader must know, e.g. what is not modelled.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
