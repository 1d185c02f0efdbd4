using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Reports.Workbooks;

/// <summary>A number that a workbook's formulas start from.</summary>
/// <param name="Name">Its name in formulas.</param>
/// <param name="Value">Best estimate.</param>
/// <param name="Low">Low end of its interval.</param>
/// <param name="High">High end.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Confidence">How sure that is.</param>
internal sealed record WorkbookInput(string Name, double Value, double Low, double High, string Unit, string Source, string Confidence)
{
    /// <summary>A constant of a description.</summary>
    public static WorkbookInput Of(string name, Constant constant) =>
        new(name, constant.Value, constant.Low, constant.High, constant.Unit, constant.Source, constant.Confidence);

    /// <summary>A size of the design, or a result of the model that has no interval of its own here.</summary>
    public static WorkbookInput Exact(string name, double value, string unit, string source) =>
        new(name, value, value, value, unit, source, "exact");
}
