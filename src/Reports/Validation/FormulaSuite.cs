using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Yield;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Validation;

/// <summary>Counts, yields and prices against figures worked by hand: exact to their last digit.</summary>
public static class FormulaSuite
{
    /// <summary>Works every case.</summary>
    public static ValidationReport Run(DesignLibrary library, string path) =>
        ValidationReport.Of([.. YamlReader.Read<FormulaCases>(path).Rows.Select(c => Row(library, path, c))]);

    private static ValidationRow Row(DesignLibrary library, string path, FormulaCase c)
    {
        var (group, predicted) = c.Formula switch
        {
            "macs_per_token" => ("counts", Traffic(library, c).ActiveInLayers + Traffic(library, c).Output),
            "attention_macs" => ("counts", Traffic(library, c).AttentionMultiplyAdds(c.Context)),
            "kv_bytes_per_token" => ("counts", Traffic(library, c).KvElements(1) * c.KvElementBytes),
            "yield" => ("yield", DieYield.Of(c.YieldModel, c.DieMm2, c.DefectsPerCm2, c.Alpha)),
            "dies_per_wafer" => ("dies", DieYield.GrossDiesFormula(c.DieMm2, c.DiameterMm)),
            "wafer_usd_per_good_die" => (
                "dies",
                c.WaferUsd
                    / (DieYield.GrossDiesFormula(c.DieMm2, c.DiameterMm) * DieYield.Of(c.YieldModel, c.DieMm2, c.DefectsPerCm2, c.Alpha))
            ),
            _ => throw new InputException($"{path}: row {c.Id}: no formula '{c.Formula}'"),
        };
        // Half of the last digit is what rounding takes; a little more for the binary fraction.
        var gate = 100 * 0.5000001 * c.LastDigit / c.Value;
        return new ValidationRow
        {
            Suite = "formula",
            Id = c.Id,
            Group = group,
            Role = "validation",
            Unit = c.Unit,
            Measured = c.Value,
            MeasuredLow = c.Value,
            MeasuredHigh = c.Value,
            Predicted = predicted,
            Low = predicted,
            High = predicted,
            ErrorPct = ValidationRow.Error(predicted, c.Value, c.Value),
            GatePct = gate,
        };
    }

    private static ModelTraffic Traffic(DesignLibrary library, FormulaCase c) => new(library.Shape(c.Model));
}
