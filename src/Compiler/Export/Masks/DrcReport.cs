namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Outcome of the design-rule check of a GDSII file.</summary>
public sealed record DrcReport
{
    /// <summary>Cells with vias or straps that were checked.</summary>
    public required int Cells { get; init; }

    /// <summary>Vias in them.</summary>
    public required long Vias { get; init; }

    /// <summary>Straps in them.</summary>
    public required long Straps { get; init; }

    /// <summary>Largest share of a window that vias cover.</summary>
    public required double ViaDensityMaximum { get; init; }

    /// <summary>Share of all windows that vias cover.</summary>
    public required double ViaDensityMean { get; init; }

    /// <summary>Largest share of a window that straps cover.</summary>
    public required double StrapDensityMaximum { get; init; }

    /// <summary>Number of faults.</summary>
    public required long FaultCount { get; init; }

    /// <summary>The first hundred faults of every rule.</summary>
    public required IReadOnlyList<DrcFault> Faults { get; init; }

    /// <summary>Whether no rule is violated.</summary>
    public bool Clean => FaultCount == 0;
}
