namespace TaalasSim.ChipModel.Figures;

/// <summary>One figure of <see cref="ChipFigures"/>: what it is called, how it is derived and how to read it. Every table, report and
/// explanation takes these from here.</summary>
/// <param name="key">Key in machine-readable output.</param>
/// <param name="unit">Unit in machine-readable output; <see cref="Units.MeasureText"/> writes it for people.</param>
/// <param name="read">Reads it.</param>
public sealed class FigureDefinition(string key, string unit, Func<ChipFigures, double> read)
    : FigureInput(key, unit, details => read(details.Figures))
{
    /// <summary>Name for people.</summary>
    public required string Label { get; init; }

    /// <summary>Which direction is better.</summary>
    public required Better Better { get; init; }

    /// <summary>What it is about.</summary>
    public required FigureGroup Group { get; init; }

    /// <summary>Formula for people, in the words of the inputs and constants.</summary>
    public required string Formula { get; init; }

    /// <summary>Figures and intermediate results that the formula uses. The constants behind it are found by moving each of them.</summary>
    public required IReadOnlyList<FigureInput> Inputs { get; init; }

    /// <summary>Formula and inputs where the model forecasts patches, which another timing law serves; null where they are the
    /// same.</summary>
    public (string Formula, IReadOnlyList<FigureInput> Inputs)? OfPatches { get; init; }

    /// <summary>Its value in an evaluation.</summary>
    public double Read(in ChipFigures figures) => read(figures);
}
