using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Pages;

/// <summary>A finished sweep as the page shows it.</summary>
public sealed record SweepView
{
    /// <summary>Most points whose figures are in the page; of larger sweeps the front and the first others.</summary>
    public const int MostPoints = 5000;

    private static readonly string[] Shown =
    [
        "tokens_per_second_user",
        "tokens_per_second_total",
        "time_to_first_token_us",
        "watts",
        "joules_per_token",
        "usd_per_million_tokens",
        "area_mm2",
        "site_rows",
        "kv_users",
        "perplexity",
        "kl_divergence_nats",
        "same_top_share",
    ];

    /// <summary>What the sweep is about.</summary>
    public required string Title { get; init; }

    /// <summary>Points and what became of them, in a sentence.</summary>
    public required string Counts { get; init; }

    /// <summary>Names of the columns in words: varied fields, then figures.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>How many of the columns are varied fields.</summary>
    public required int Fields { get; init; }

    /// <summary>Points that fit.</summary>
    public required IReadOnlyList<SweepViewPoint> Points { get; init; }

    /// <summary>How the chosen point was chosen, in a sentence.</summary>
    public required string Choice { get; init; }

    /// <summary>The view of a sweep; null when no point fits.</summary>
    public static SweepView? Of(SweepResult? sweep)
    {
        if (sweep is null || sweep.Rows.All(r => r.Status != SweepStatus.Ok))
            return null;
        var fits = sweep.Rows.Where(r => r.Status == SweepStatus.Ok).ToList();
        var kept = fits.OrderByDescending(r => sweep.Verdicts?.IsOnFront(r.Point) == true).Take(MostPoints).OrderBy(r => r.Point).ToList();
        var figures = Shown.Where(name => kept.Exists(r => SweepColumns.Range(r.Figures, name) is not null)).ToList();
        var chosen = Chosen(sweep, fits);
        return new SweepView
        {
            Title = sweep.Spec.Description.Length > 0 ? sweep.Spec.Description : sweep.Spec.Name,
            Counts = Counted(sweep, fits.Count, kept.Count),
            Columns = [.. sweep.Spec.Vary.Select(a => FieldWords.Of(a.Field)), .. figures.Select(FieldWords.Of)],
            Fields = sweep.Spec.Vary.Count,
            Points =
            [
                .. kept.Select(r => new SweepViewPoint(
                    [.. SweepGrid.Point(sweep.Spec, r.Point).Values.Select(value => value ?? "as described")],
                    [.. figures.Select(name => SweepColumns.Range(r.Figures, name))],
                    sweep.Verdicts?.IsOnFront(r.Point) == true,
                    r.Point == chosen
                )),
            ],
            Choice = chosen is null
                ? "The sweep states no objectives, so there is no front and no choice."
                : "The chosen point is the one on the front that is nearest to the best of every objective, each on a scale "
                    + "from the best to "
                    + "the worst on the front: "
                    + string.Join(", ", sweep.Spec.Objectives.Select(o => $"{(o.IsMaximum ? "more" : "less")} {FieldWords.Of(o.Formula)}"))
                    + ".",
        };
    }

    private static string Counted(SweepResult sweep, int fits, int kept)
    {
        var verdicts = sweep.Verdicts is { } v
            ? $", {NumberText.Count(v.MeetsCount)} meet every constraint, {NumberText.Count(v.OnFrontCount)} are on the front"
            : "";
        var part = kept < fits ? $"; {NumberText.Count(kept)} of them are on this page" : "";
        return $"{NumberText.Count(sweep.Rows.Count)} points were evaluated; {NumberText.Count(fits)} fit{verdicts}{part}.";
    }

    // Point of the front that is nearest to the best of every objective; null without a front.
    private static int? Chosen(SweepResult sweep, IReadOnlyList<SweepRow> fits)
    {
        var front = fits.Where(r => sweep.Verdicts?.IsOnFront(r.Point) == true).ToList();
        if (front.Count == 0)
            return null;
        var judge = new SweepJudge(sweep.Spec);
        var objectives = front.ConvertAll(judge.Objectives);
        var best = sweep.Spec.Objectives.Select((_, i) => objectives.Min(o => o[i])).ToArray();
        var worst = sweep.Spec.Objectives.Select((_, i) => objectives.Max(o => o[i])).ToArray();
        double Distance(double[] values) =>
            values.Select((value, i) => worst[i] > best[i] ? Math.Pow((value - best[i]) / (worst[i] - best[i]), 2) : 0).Sum();
        return front[Enumerable.Range(0, front.Count).MinBy(i => Distance(objectives[i]))].Point;
    }
}
