using TaalasSim.ChipModel.Languages;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Cli.Commands;

/// <summary>Whether a report's chip still says what its model says: a measurement, or the command that makes one.</summary>
internal static class ReportQuality
{
    /// <summary>Facts of a file; without one, what to run.</summary>
    /// <param name="name">Chip, model file or shape of the report.</param>
    /// <param name="file">Output of <c>perplexity --json</c>, or null.</param>
    public static QualityFacts Of(string name, string? file)
    {
        var isChip = Directory.Exists(name) && File.Exists(Path.Combine(name, "chip.yaml"));
        var chip = isChip ? ShellText.Word(name) : "CHIP";
        var run = $"./taalas perplexity {chip} -f TEXT --numerics hardware --baseline reference --json > quality.json";
        if (file is not null)
            return ReadQuality.Of(file, run);
        var first = isChip ? "" : "compile a model file to CHIP, ";
        return new QualityFacts([], $"Not measured: {first}run {run} and report it with --quality quality.json.");
    }
}
