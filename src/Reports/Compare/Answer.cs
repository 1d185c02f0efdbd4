using System.Globalization;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>What a comparison asks and what it answers, a sentence each.</summary>
public static class Answer
{
    /// <summary>The question.</summary>
    public static string Question(ComparisonReport report)
    {
        var gpus = report.Gpus.Select(g => g.Name).ToList();
        return $"What does {report.Model} on the {report.Chip.Name} give, beside {(gpus.Count > 0 ? Join(gpus) : "no GPU")}, "
            + $"for requests of "
            + $"{NumberText.Count(report.InputTokens)} prompt and {NumberText.Count(report.OutputTokens)} answer tokens, under load "
            + string.Create(CultureInfo.InvariantCulture, $"{100 * report.Utilisation:0.###} % of the time?");
    }

    /// <summary>The answer against the first GPU that serves the model, both service points in one sentence; each ratio is taken inside
    /// its service point.</summary>
    public static string Sentence(ComparisonReport report)
    {
        if (report.Chip.OneUser is not { } one || report.Chip.FullBatch is not { } full)
            return $"The chip serves nobody: {report.Chip.Unavailable}.";
        var speed = Number(one[FigureCatalog.TokensPerSecondUser]);
        if (RatioTable.Of(report) is not [var table, ..])
            return $"One user gets {speed} tokens/s from the chip; there is no GPU to compare it with.";
        return $"One user gets {speed} tokens/s from the chip, "
            + $"{Ratio(table, FigureCatalog.TokensPerSecondUser, ServiceView.OneUser)} times as many as from "
            + $"{table.Gpu.Name}, at {Ratio(table, FigureCatalog.Watts, ServiceView.OneUser)} times the power; with all the "
            + $"users that each takes "
            + $"({RatioTable.Users(table.Chip, ServiceView.FullBatch)} against "
            + $"{RatioTable.Users(table.Gpu, ServiceView.FullBatch)}) the chip makes "
            + $"{Ratio(table, FigureCatalog.TokensPerSecondTotal, ServiceView.FullBatch)} times the tokens, each at "
            + $"{Ratio(table, FigureCatalog.JoulesPerToken, ServiceView.FullBatch)} times the energy and "
            + $"{Ratio(table, FigureCatalog.UsdPerMillionTokens, ServiceView.FullBatch)} times the cost.";
    }

    private static string Number(UncertaintyRange range) => NumberText.Significant(range.Value);

    private static string Ratio(RatioTable table, FigureDefinition figure, ServiceView view) =>
        NumberText.Significant(table.Rows.Single(r => r.Figure == figure).At(view)!.Ratio);

    private static string Join(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";
}
