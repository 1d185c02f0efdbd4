using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Validation;

/// <summary>The logic part of the area model against banks that were emitted as Verilog and mapped on a cell library.</summary>
public static class SynthesisSuite
{
    /// <summary>Largest accepted error of a bank, %.</summary>
    public const double GatePct = 8;

    /// <summary>Scores every committed bank.</summary>
    /// <param name="library">Technologies.</param>
    /// <param name="path">Synthesised banks.</param>
    /// <exception cref="InputException">The file is malformed.</exception>
    public static ValidationReport Run(DesignLibrary library, string path) =>
        ValidationReport.Of([.. YamlReader.Read<SynthesisMeasurements>(path).Rows.Select(m => Row(library, path, m))]);

    /// <summary>Cell area of a bank by the area model, µm²: gate equivalents by structure times the area of one.</summary>
    public static double PredictedUm2(DesignLibrary library, SynthesisMeasurement bank)
    {
        var logic = library.Technology(bank.Technology).Logic;
        return bank.Bank().Gates(bank.ActivationBits, logic).TotalGe * logic.GateEquivalentUm2;
    }

    private static ValidationRow Row(DesignLibrary library, string path, SynthesisMeasurement m)
    {
        if (
            !(m.AreaUm2 > 0 && double.IsFinite(m.AreaUm2))
            || m.ColumnsPerScaleUnit < 1
            || m.CodeBits is < 2 or > 8
            || m.Rows < 2
            || m.Columns < 1
        )
            throw new InputException(
                $"{path}: row {m.Id}: area_um2 must be above 0, columns_per_scale_unit and columns at least 1, rows at least 2, "
                    + "code_bits 2 to 8"
            );
        var predicted = PredictedUm2(library, m);
        return new ValidationRow
        {
            Suite = "synthesis",
            Id = m.Id,
            Group = "bank logic on " + m.Technology,
            Role = "prediction",
            Unit = "µm²",
            Measured = m.AreaUm2,
            MeasuredLow = m.AreaUm2,
            MeasuredHigh = m.AreaUm2,
            Predicted = predicted,
            Low = predicted,
            High = predicted,
            ErrorPct = ValidationRow.Error(predicted, m.AreaUm2, m.AreaUm2),
            GatePct = GatePct,
        };
    }
}
