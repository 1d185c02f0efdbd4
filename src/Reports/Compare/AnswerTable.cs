using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>The first table of a report at one service point: figures down; chip, each GPU and the ratio to it across. Tables of different
/// service points stay apart.</summary>
/// <param name="View">Service point.</param>
/// <param name="Chip">The chip.</param>
/// <param name="Gpus">GPUs that serve the model, in the order of the columns.</param>
/// <param name="Rows">Rows from top to bottom.</param>
public sealed record AnswerTable(ServiceView View, ComparedSystem Chip, IReadOnlyList<ComparedSystem> Gpus, IReadOnlyList<AnswerRow> Rows)
{
    /// <summary>How the interval of a ratio is made.</summary>
    public const string Legend =
        "Ratio is chip over GPU; its interval takes each end of the chip's over the opposite end of the GPU's, the widest that both allow.";

    /// <summary>The two tables; none when the chip serves nobody.</summary>
    public static IReadOnlyList<AnswerTable> Of(ComparisonReport report)
    {
        var gpus = report.Gpus.Where(g => g.OneUser is not null && g.FullBatch is not null).ToList();
        return report.Chip.OneUser is null ? [] : [.. Enum.GetValues<ServiceView>().Select(v => Of(report, gpus, v))];
    }

    /// <summary>A service point in words.</summary>
    public static string Name(ServiceView view) => view == ServiceView.OneUser ? "one user" : "full batch";

    private static AnswerTable Of(ComparisonReport report, IReadOnlyList<ComparedSystem> gpus, ServiceView view)
    {
        ComparedSystem[] systems = [report.Chip, .. gpus];
        return new AnswerTable(
            view,
            report.Chip,
            gpus,
            [
                Row("users at once", system => new AnswerCell(RatioTable.Users(system, view))),
                .. ServicePoint.Shown.Select(figure => Figure(systems, figure, view)),
                Row("silicon, cards", Silicon),
            ]
        );

        AnswerRow Row(string label, Func<ComparedSystem, AnswerCell> cell) =>
            new(label, [cell(report.Chip), .. gpus.SelectMany(g => new[] { cell(g), new AnswerCell("") })]);
    }

    // All values of a row have one scale, over both service points, as in the table of the command line.
    private static AnswerRow Figure(IReadOnlyList<ComparedSystem> systems, FigureDefinition figure, ServiceView view)
    {
        double[] values =
        [
            .. systems
                .SelectMany(s => new[] { s.OneUser!, s.FullBatch! })
                .Where(p => p.Figures.ContainsKey(figure))
                .Select(p => p[figure].Value),
        ];
        var (scale, unit) = MeasureText.Scale(figure.Unit, values);
        var ours = systems[0].At(view)!;
        return new AnswerRow($"{figure.Label}, {unit}", [Cell(ours), .. systems.Skip(1).SelectMany(g => Pair(g.At(view)!))]);

        AnswerCell Cell(ServicePoint point) =>
            point.Figures.TryGetValue(figure, out var range)
                ? new(
                    NumberText.Significant(range.Value / scale),
                    Ends(range * (1 / scale)),
                    point.Calibrated.Contains(figure) ? "calibrated" : ""
                )
                : AnswerCell.None;

        IEnumerable<AnswerCell> Pair(ServicePoint theirs) =>
            [
                Cell(theirs),
                ours.Figures.TryGetValue(figure, out var a) && theirs.Figures.TryGetValue(figure, out var b)
                    ? Ratio(RatioCell.Of(figure, a, b))
                    : AnswerCell.None,
            ];
    }

    private static AnswerCell Ratio(RatioCell cell) =>
        new(
            NumberText.Significant(cell.Ratio),
            Ends(cell.Range),
            cell.Standing switch
            {
                Standing.Better => "better",
                Standing.Worse => "worse",
                _ => "open",
            },
            cell.Standing
        );

    private static AnswerCell Silicon(ComparedSystem system) =>
        system.SiliconMm2 is { } area
            ? new($"{NumberText.Significant(area.Value)} mm²", Ends(area), NumberText.Counted(system.Cards, "card"))
            : new(NumberText.Counted(system.Cards, "card"));

    // Best estimates without draws have no interval.
    private static string Ends(UncertaintyRange range) =>
        range.Low == range.Value && range.High == range.Value
            ? ""
            : $"{NumberText.Significant(range.Low)} – {NumberText.Significant(range.High)}";
}
