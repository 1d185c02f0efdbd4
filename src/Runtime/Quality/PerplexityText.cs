using System.Globalization;
using System.Text;

namespace TaalasSim.Runtime.Quality;

/// <summary>Lines in the form in which llama-perplexity prints them.</summary>
public static class PerplexityText
{
    /// <summary>Positions below which llama-perplexity prints no statistics.</summary>
    public const int LeastPositions = 100;

    /// <summary>Heading of the running columns.</summary>
    public const string DivergenceHeading =
        "chunk             PPL               ln(PPL(Q)/PPL(base))          KL Divergence              Δp RMS            Same top p";

    /// <summary><c>[3]4.4631,</c></summary>
    public static string Chunk(int number, Estimate perplexity) =>
        string.Create(CultureInfo.InvariantCulture, $"[{number}]{perplexity.Value:F4},");

    /// <summary><c>Final estimate: PPL = 4.5242 +/- 0.25256</c></summary>
    public static string Final(Estimate perplexity) =>
        string.Create(CultureInfo.InvariantCulture, $"Final estimate: PPL = {perplexity.Value:F4} +/- {perplexity.Error:F5}");

    /// <summary>One line of running columns.</summary>
    public static string Row(int number, DivergenceRow r) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{number, 4}    {r.Perplexity.Value, 9:F4} ± {r.Perplexity.Error, 9:F4}    "
                + $"{r.LogRatio.Value, 10:F5} ± {r.LogRatio.Error, 10:F5}    "
                + $"{r.Divergence.Value, 10:F5} ± {r.Divergence.Error, 10:F5}    "
                + $"{100 * r.RmsChange.Value, 6:F3} ± {100 * r.RmsChange.Error, 6:F3} %    "
                + $"{100 * r.SameTop.Value, 6:F3} ± {100 * r.SameTop.Error, 6:F3} %"
        );

    /// <summary>The three blocks of statistics.</summary>
    public static string Summary(DivergenceSummary s)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        var f = s.Final;
        Line($"====== Perplexity statistics ======");
        Line($"Mean PPL(Q)                   : {f.Perplexity.Value, 10:F6} ± {f.Perplexity.Error, 10:F6}");
        Line($"Mean PPL(base)                : {s.PerplexityBase.Value, 10:F6} ± {s.PerplexityBase.Error, 10:F6}");
        Line($"Cor(ln(PPL(Q)), ln(PPL(base))): {100 * s.Correlation, 6:F2}%");
        Line($"Mean ln(PPL(Q)/PPL(base))     : {f.LogRatio.Value, 10:F6} ± {f.LogRatio.Error, 10:F6}");
        Line($"Mean PPL(Q)/PPL(base)         : {s.Ratio.Value, 10:F6} ± {s.Ratio.Error, 10:F6}");
        Line($"Mean PPL(Q)-PPL(base)         : {s.Difference.Value, 10:F6} ± {s.Difference.Error, 10:F6}");
        Line($"");
        Line($"====== KL divergence statistics ======");
        Line($"Mean    KLD: {f.Divergence.Value, 10:F6} ± {f.Divergence.Error, 10:F6}");
        Line($"Maximum KLD: {s.Divergences[^1], 10:F6}");
        foreach (var share in new[] { 0.999f, 0.99f, 0.95f, 0.9f })
            Line($"{100 * share, 4:F1}%   KLD: {DivergenceSummary.Percentile(s.Divergences, share), 10:F6}");
        Line($"Median  KLD: {DivergenceSummary.Median(s.Divergences), 10:F6}");
        foreach (var share in new[] { 0.1f, 0.05f, 0.01f, 0.001f })
            Line($"{100 * share, 4:F1}%   KLD: {DivergenceSummary.Percentile(s.Divergences, share), 10:F6}");
        Line($"Minimum KLD: {s.Divergences[0], 10:F6}");
        Line($"");
        Line($"====== Token probability statistics ======");
        Line($"Mean    Δp: {100 * s.MeanChange.Value, 6:F3} ± {100 * s.MeanChange.Error, 5:F3} %");
        Line($"Maximum Δp: {100 * s.Changes[^1], 6:F3}%");
        foreach (var share in new[] { 0.999f, 0.99f, 0.95f, 0.9f, 0.75f })
            Line($"{100 * share, 4:F1}%   Δp: {100 * DivergenceSummary.Percentile(s.Changes, share), 6:F3}%");
        Line($"Median  Δp: {100 * DivergenceSummary.Median(s.Changes), 6:F3}%");
        foreach (var share in new[] { 0.25f, 0.1f, 0.05f, 0.01f, 0.001f })
            Line($"{100 * share, 4:F1}%   Δp: {100 * DivergenceSummary.Percentile(s.Changes, share), 6:F3}%");
        Line($"Minimum Δp: {100 * s.Changes[0], 6:F3}%");
        Line($"RMS Δp    : {100 * f.RmsChange.Value, 6:F3} ± {100 * f.RmsChange.Error, 5:F3} %");
        Line($"Same top p: {100 * f.SameTop.Value, 6:F3} ± {100 * f.SameTop.Error, 5:F3} %");
        return text.ToString();
    }
}
