namespace TaalasSim.Reports.Charts;

/// <summary>Curves of one figure over a varied field.</summary>
public sealed record SeriesData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>Varied field with its unit.</summary>
    public required string XLabel { get; init; }

    /// <summary>Figure with its unit.</summary>
    public required string YLabel { get; init; }

    /// <summary>Curves, one for each value of a second field; a single curve has an empty name.</summary>
    public required IReadOnlyList<Series> Curves { get; init; }

    /// <summary>Logarithmic x axis; all x must be above 0.</summary>
    public bool LogX { get; init; }

    /// <summary>Logarithmic y axis; all y must be above 0.</summary>
    public bool LogY { get; init; }
}
