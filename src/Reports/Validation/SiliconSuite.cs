using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Validation;

/// <summary>The silicon model against published figures of hard-wired chips.</summary>
public static class SiliconSuite
{
    private const int Draws = 200;

    /// <summary>Scores a file of measurements; every row is scored or listed with its reason.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="path">Measurements, as <c>chips/measurements/silicon.yaml</c>.</param>
    /// <param name="cancel">Stops between chips.</param>
    public static ValidationReport Run(DesignLibrary library, string path, CancellationToken cancel = default)
    {
        var rows = new List<ValidationRow>();
        var unmodelled = new List<UnmodelledRow>();
        var file = SiliconMeasurements.Read(path);
        foreach (var design in file.Rows.GroupBy(r => (r.Fabric, r.Model, r.Weights, r.InputTokens, r.OutputTokens, r.Users)))
        {
            cancel.ThrowIfCancellationRequested();
            var scored = new List<(SiliconMeasurement Row, SiliconQuantity Quantity)>();
            foreach (var row in design)
            {
                var quantity = SiliconQuantity.Find(row.Quantity);
                var reason =
                    row.Unmodelled.Length > 0 ? row.Unmodelled
                    : quantity is null ? $"no quantity '{row.Quantity}'; known: {string.Join(' ', SiliconQuantity.All.Select(q => q.Name))}"
                    : row.Unit != quantity.Unit ? $"{row.Quantity} is predicted in {quantity.Unit}, not {row.Unit}"
                    : row.Fabric.Length == 0 || row.Model.Length == 0 ? "the row has no fabric and model"
                    : "";
                if (reason.Length > 0)
                    unmodelled.Add(new UnmodelledRow("silicon", row.Id, reason));
                else
                    scored.Add((row, quantity!));
            }

            if (scored.Count > 0)
                Score(library, path, scored, rows, unmodelled);
        }

        var order = file.Rows.Select((r, i) => (r.Id, i)).ToDictionary(r => r.Id, r => r.i, StringComparer.Ordinal);
        return ValidationReport.Of(
            [.. rows.OrderBy(r => r.Role, StringComparer.Ordinal).ThenBy(r => r.Group, StringComparer.Ordinal).ThenBy(r => order[r.Id])],
            [.. unmodelled.OrderBy(u => order[u.Id])]
        );
    }

    private static void Score(
        DesignLibrary library,
        string path,
        List<(SiliconMeasurement Row, SiliconQuantity Quantity)> scored,
        List<ValidationRow> rows,
        List<UnmodelledRow> unmodelled
    )
    {
        var first = scored[0].Row;
        ChipUncertainty study;
        try
        {
            var fabric = library.Fabric(Beside(path, first.Fabric));
            var plan = DesignLibrary.Plan(
                library.Shape(Beside(path, first.Model)),
                fabric,
                first.Weights.Length > 0 ? first.Weights : fabric.DefaultWeights
            );
            var service = new ServiceShape(first.InputTokens, first.OutputTokens, first.Users);
            study = new ChipUncertainty(
                EvaluationInput.Of(plan),
                library.Technology(Beside(path, fabric.Technology)),
                library.Prices(),
                service,
                library.Anchor(fabric.Technology)
            );
        }
        catch (InputException e)
        {
            unmodelled.AddRange(scored.Select(s => new UnmodelledRow("silicon", s.Row.Id, e.Message)));
            return;
        }

        var intervals = study.Intervals([.. scored.Select(s => s.Quantity.Read)], Draws);
        foreach (var ((row, quantity), interval) in scored.Zip(intervals))
            rows.Add(
                new ValidationRow
                {
                    Suite = "silicon",
                    Id = row.Id,
                    Group = row.Group.Length > 0 ? row.Group : quantity.Group,
                    Role = row.Role,
                    Unit = row.Unit,
                    Measured = row.Middle,
                    MeasuredLow = row.From,
                    MeasuredHigh = row.To,
                    Predicted = interval.Value,
                    Low = interval.Low,
                    High = interval.High,
                    ErrorPct = ValidationRow.Error(interval.Value, row.From, row.To),
                    GatePct = row.GatePct ?? quantity.Gate(row.Role),
                    KnownMiss = row.KnownMiss,
                    Hypotheses = [.. study.Hypotheses(quantity.Read).Select(h => h.Name)],
                }
            );
    }

    private static string Beside(string path, string nameOrFile)
    {
        if (!nameOrFile.EndsWith(".yaml", StringComparison.Ordinal))
            return nameOrFile;
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, nameOrFile);
        return File.Exists(beside) ? beside : nameOrFile;
    }
}
