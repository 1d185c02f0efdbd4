using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Wafer, defects and reticle.</summary>
public sealed record WaferConstants
{
    /// <summary>Price of a processed wafer, USD.</summary>
    [FieldRange(0, 1e7, "USD")]
    public required Constant PriceUsd { get; init; }

    /// <summary>Wafer diameter, mm.</summary>
    [FieldRange(10, 1000, "mm")]
    public required Constant DiameterMm { get; init; }

    /// <summary>Edge exclusion, mm.</summary>
    [FieldRange(0, 100, "mm")]
    public required Constant EdgeExclusionMm { get; init; }

    /// <summary>Scribe line per die edge, mm.</summary>
    [FieldRange(0, 10, "mm")]
    public required Constant ScribeMm { get; init; }

    /// <summary>Defect density D0, 1/cm².</summary>
    [FieldRange(0, 100, "1/cm2")]
    public required Constant DefectsPerCm2 { get; init; }

    /// <summary>Clustering parameter α of the negative binomial model.</summary>
    [FieldRange(0.01, 1e6, "1")]
    public required Constant ClusteringAlpha { get; init; }

    /// <summary>Exposure field, mm along x.</summary>
    [FieldRange(0.1, 1000, "mm")]
    public required Constant ReticleWidthMm { get; init; }

    /// <summary>Exposure field, mm along y.</summary>
    [FieldRange(0.1, 1000, "mm")]
    public required Constant ReticleHeightMm { get; init; }
}
