using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>The comparison in at most three sentences: one user, full batch, published rates. Each ratio is taken inside one
/// view.</summary>
public static class Verdict
{
    /// <summary>The page that says why a chip's ratio is not multiplied with the speed-up of a decoding method.</summary>
    public const string MultipliedSpeedUps = "docs/multiplied-speed-ups.md";

    /// <summary>The sentences; none when nothing can be compared.</summary>
    public static IReadOnlyList<string> Sentences(ComparisonReport report)
    {
        var tables = RatioTable.Of(report);
        var sentences = new List<string>();
        if (Clauses(tables, ServiceView.OneUser, Faster) is { Length: > 0 } one)
            sentences.Add($"With one user, {report.Chip.Name} is {one}.");
        if (Clauses(tables, ServiceView.FullBatch, Serves) is { Length: > 0 } full)
            sentences.Add($"At full batch, {report.Chip.Name} has {full}.");
        if (report.Chip.OneUser is { } ours && Bars(report, ours) is { Length: > 0 } bars)
            sentences.Add($"Against published rates for one user, it is {bars}.");
        return sentences;
    }

    private static string Faster(RatioTable table) =>
        $"{Ratio(table, FigureCatalog.TokensPerSecondUser, ServiceView.OneUser)} times as fast as {table.Gpu.Name}";

    private static string Serves(RatioTable table) =>
        $"{Ratio(table, FigureCatalog.TokensPerSecondTotal, ServiceView.FullBatch)} times the throughput of {table.Gpu.Name} "
        + $"({RatioTable.Users(table.Chip, ServiceView.FullBatch)} against {RatioTable.Users(table.Gpu, ServiceView.FullBatch)} users) "
        + $"at {Ratio(table, FigureCatalog.JoulesPerToken, ServiceView.FullBatch)} times its energy per token";

    private static string Ratio(RatioTable table, FigureDefinition figure, ServiceView view) =>
        NumberText.Significant(table.Rows.Single(r => r.Figure == figure).At(view)!.Ratio);

    private static string Clauses(IReadOnlyList<RatioTable> tables, ServiceView view, Func<RatioTable, string> clause) =>
        Join([.. tables.Where(t => t.Rows[0].At(view) is not null).Select(clause)]);

    private static string Bars(ComparisonReport report, ServicePoint ours)
    {
        var speed = ours[FigureCatalog.TokensPerSecondUser].Value;
        return Join([
            .. from gpu in report.Gpus
            from bar in gpu.PublishedBars
            select $"{NumberText.Significant(speed / bar.TokensPerSecondUser)} times as fast as the "
                + $"{NumberText.Significant(bar.TokensPerSecondUser)} tokens/s of {gpu.Name} (row {bar.Id}: {bar.Source})",
        ]);
    }

    private static string Join(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";
}
