namespace TaalasSim.ChipModel.Technology;

/// <summary>Wafer, defects and reticle.</summary>
public sealed record WaferConstants
{
    /// <summary>Price of a processed wafer, USD.</summary>
    public required Constant PriceUsd { get; init; }

    /// <summary>Wafer diameter, mm.</summary>
    public required Constant DiameterMm { get; init; }

    /// <summary>Edge exclusion, mm.</summary>
    public required Constant EdgeExclusionMm { get; init; }

    /// <summary>Scribe line per die edge, mm.</summary>
    public required Constant ScribeMm { get; init; }

    /// <summary>Defect density D0, 1/cm².</summary>
    public required Constant DefectsPerCm2 { get; init; }

    /// <summary>Clustering parameter α of the negative binomial model.</summary>
    public required Constant ClusteringAlpha { get; init; }

    /// <summary>Exposure field, mm along x.</summary>
    public required Constant ReticleWidthMm { get; init; }

    /// <summary>Exposure field, mm along y.</summary>
    public required Constant ReticleHeightMm { get; init; }
}
