using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Chip and GPU side by side: figures down, the two views across. A ratio belongs to one view; ratios of different views are never
/// multiplied.</summary>
/// <param name="Chip">The chip.</param>
/// <param name="Gpu">The GPU.</param>
/// <param name="Rows">One row a figure.</param>
public sealed record RatioTable(ComparedSystem Chip, ComparedSystem Gpu, IReadOnlyList<RatioRow> Rows)
{
    /// <summary>What the marks behind the ratios mean.</summary>
    public const string Legend = "ratio = chip / GPU; + the chip is better, − it is worse, ~ the intervals overlap";

    /// <summary>Title of the table.</summary>
    public string Title => $"{Chip.Name} against {Gpu.Name}{(Gpu.Detail.Length > 0 ? $" ({Gpu.Detail})" : "")}";

    /// <summary>A table for each GPU that serves the model.</summary>
    public static IReadOnlyList<RatioTable> Of(ComparisonReport report) =>
        [
            .. report
                .Gpus.Select(gpu => new RatioTable(report.Chip, gpu, Compare(report.Chip, gpu)))
                .Where(t => t.Rows.Any(r => r.OneUser is not null || r.FullBatch is not null)),
        ];

    /// <summary>Users of a system in a view; a dash when it cannot serve.</summary>
    public static string Users(ComparedSystem system, ServiceView view) =>
        system.At(view) is { } point ? MeasureText.Number(point.Users, "users") : "–";

    /// <summary>A ratio with the mark of who is better.</summary>
    public static string Ratio(RatioCell cell) => $"{NumberText.Significant(cell.Ratio)} {Mark(cell.Standing)}";

    /// <summary>The scale that a row's values share, and the row's name with the unit at that scale.</summary>
    public static (double Scale, string Label) Label(RatioRow row)
    {
        double[] values =
        [
            .. from view in Enum.GetValues<ServiceView>()
            let cell = row.At(view)
            where cell is not null
            from value in new[] { cell.Chip.Value, cell.Gpu.Value }
            select value,
        ];
        var (scale, unit) = MeasureText.Scale(row.Figure.Unit, values);
        return (scale, $"{row.Figure.Label}, {unit}");
    }

    private static IReadOnlyList<RatioRow> Compare(ComparedSystem chip, ComparedSystem gpu)
    {
        RatioCell? Cell(ChipModel.Figures.FigureDefinition figure, ServiceView view) =>
            chip.At(view) is { } ours && gpu.At(view) is { } theirs ? RatioCell.Of(figure, ours[figure], theirs[figure]) : null;
        return [.. ServicePoint.Compared.Select(f => new RatioRow(f, Cell(f, ServiceView.OneUser), Cell(f, ServiceView.FullBatch)))];
    }

    private static string Mark(Standing standing) =>
        standing switch
        {
            Standing.Better => "+",
            Standing.Worse => "−",
            _ => "~",
        };
}
