using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>
/// The comparison in sentences: where the chip is ahead and where it is not. Each sentence compares two figures of one view; ratios of
/// different views are never multiplied or mixed.
/// </summary>
public static class Verdict
{
    /// <summary>Two figures whose intervals overlap and that differ by less than this are called about equal.</summary>
    private const double EqualRatio = 1.25;

    /// <summary>Sentences for each GPU, one user first.</summary>
    public static IReadOnlyList<string> Sentences(ComparisonReport report)
    {
        var sentences = new List<string>();
        foreach (var gpu in report.Gpus)
        {
            foreach (var view in Enum.GetValues<ServiceView>())
                sentences.Add(Sentence(report.Chip, gpu, view));
            if (report.Chip.OneUser is { } ours)
                sentences.AddRange(gpu.PublishedBars.Select(bar => Bar(report.Chip, ours, gpu, bar)));
            if (Plain(report.Chip, gpu) is { } plain)
                sentences.Add(plain);
        }

        if (report.Decoding is { } decoding)
            sentences.Add(decoding.Sentence());
        return sentences;
    }

    /// <summary>Which of two figures is ahead: 1 the first, −1 the second, 0 when their intervals overlap.</summary>
    public static int Ahead(UncertaintyRange first, UncertaintyRange second, bool moreIsBetter)
    {
        var larger =
            first.Low > second.High ? 1
            : first.High < second.Low ? -1
            : 0;
        return moreIsBetter ? larger : -larger;
    }

    private static string Bar(ComparedSystem chip, ServicePoint ours, ComparedSystem gpu, PublishedBar bar)
    {
        var modelled = gpu.OneUser is { } theirs
            ? $"; against the {NumberText.Significant(theirs.TokensPerSecondUser.Value)} tokens/s that the calibrated model gives the card it is {NumberText.Significant(ours.TokensPerSecondUser.Value / theirs.TokensPerSecondUser.Value)} times"
            : "";
        return $"Against the published bar of {NumberText.Significant(bar.TokensPerSecondUser)} tokens/s for one user on {gpu.Name} ({bar.Source}; {bar.Id}), {chip.Name} is {NumberText.Significant(ours.TokensPerSecondUser.Value / bar.TokensPerSecondUser)} times as fast{modelled}.";
    }

    // Where the chip wins and where not, in one breath: each clause stays within one view.
    private static string? Plain(ComparedSystem chip, ComparedSystem gpu)
    {
        if (
            chip.OneUser is not { } one
            || chip.FullBatch is not { } full
            || gpu.OneUser is not { } gpuOne
            || gpu.FullBatch is not { } gpuFull
        )
            return null;
        var answer = Won(one.TokensPerSecondUser, gpuOne.TokensPerSecondUser, "faster", "slower", "about as fast");
        var all = Won(full.TokensPerSecondTotal, gpuFull.TokensPerSecondTotal, "more", "fewer", "about as many");
        var energy = Won(gpuFull.JoulesPerToken, full.JoulesPerToken, "less", "more", "about the same");
        return $"In plain words: a user alone gets answers {answer} from {chip.Name} than from {gpu.Name}; with both full it makes {all} tokens per second for {energy} energy a token, and serves {Users(full)} where the GPU serves {Users(gpuFull)}, "
            + "one model for its life where the GPU loads any.";
    }

    private static string Won(UncertaintyRange a, UncertaintyRange b, string more, string less, string equal)
    {
        var ratio = a.Value / b.Value;
        var larger = Math.Max(ratio, 1 / ratio);
        return larger < EqualRatio ? equal : $"{NumberText.Significant(larger)} times {(ratio > 1 ? more : less)}";
    }

    private static string Sentence(ComparedSystem chip, ComparedSystem gpu, ServiceView view)
    {
        var when = view == ServiceView.OneUser ? "With one user" : "At full batch";
        if (chip.At(view) is not { } ours)
            return $"{when} {chip.Name} cannot be compared with {gpu.Name}: {Why(chip)}.";
        if (gpu.At(view) is not { } theirs)
            return $"{when} {chip.Name} cannot be compared with {gpu.Name}: {Why(gpu)}.";
        var better = new List<string>();
        var worse = new List<string>();
        var equal = new List<string>();
        var open = new List<string>();
        foreach (var figure in ComparedFigure.All)
        {
            var (a, b) = (figure.Of(ours), figure.Of(theirs));
            var text =
                $"{figure.Name} ({NumberText.Significant(a.Value)} against {NumberText.Significant(b.Value)} {figure.Unit}{Ratio(a.Value, b.Value)})";
            (
                Ahead(a, b, figure.MoreIsBetter) switch
                {
                    1 => better,
                    -1 => worse,
                    _ => Close(a.Value, b.Value) ? equal : open,
                }
            ).Add(text);
        }

        var parts = new List<string>();
        if (better.Count > 0)
            parts.Add($"ahead in {Join(better)}");
        if (worse.Count > 0)
            parts.Add($"behind in {Join(worse)}");
        if (equal.Count > 0)
            parts.Add($"about equal in {Join(equal)}");
        if (open.Count > 0)
            parts.Add($"not clearly either in {Join(open)}, where the intervals overlap");
        var users = view == ServiceView.OneUser ? "" : $" ({Users(ours)} against {Users(theirs)})";
        return $"{when}{users}, {chip.Name} against {gpu.Name} is {string.Join("; ", parts)}.";
    }

    private static string Why(ComparedSystem system) =>
        system.Unavailable.Length > 0 ? system.Unavailable.TrimEnd('.') : $"no figures for {system.Name}";

    private static string Users(ServicePoint point) =>
        point.Users is > 0 and < 1.5 ? "1 user" : $"{NumberText.Significant(Math.Round(point.Users))} users";

    private static bool Close(double a, double b) => a > 0 && b > 0 && Math.Max(a, b) / Math.Min(a, b) < EqualRatio;

    // A ratio near one says nothing that the two figures do not.
    private static string Ratio(double a, double b)
    {
        if (a <= 0 || b <= 0)
            return "";
        var ratio = Math.Max(a, b) / Math.Min(a, b);
        return ratio < 1.1 ? "" : $", {NumberText.Significant(ratio)} times {(a > b ? "more" : "less")}";
    }

    private static string Join(List<string> items) => items.Count == 1 ? items[0] : $"{string.Join(", ", items[..^1])} and {items[^1]}";
}
