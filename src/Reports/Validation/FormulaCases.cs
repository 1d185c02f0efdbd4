namespace TaalasSim.Reports.Validation;

/// <summary>Figures worked by hand from the formulas that the model uses: <c>chips/measurements/formulas.yaml</c>.</summary>
public sealed record FormulaCases
{
    /// <summary>The figures, in the order of the file.</summary>
    public required List<FormulaCase> Rows { get; init; }
}
