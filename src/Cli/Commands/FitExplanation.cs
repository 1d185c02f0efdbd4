using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Fit;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Cli.Commands;

/// <summary>How the figures of <c>fit</c> come about: counts, not estimates, so they carry no interval.</summary>
internal static class FitExplanation
{
    /// <summary>The derivation of a resource by its name, or of a field of the report.</summary>
    public static Explanation Of(FitReport report, string field)
    {
        var resource = report.Resources.FirstOrDefault(r => r.Name == field || r.Name.Replace(' ', '_') == field);
        if (resource is not null)
            return new Explanation(
                resource.Name,
                resource.Unit,
                resource.Rule,
                resource.Used,
                [
                    ("used", resource.Used, resource.Unit),
                    ("available", resource.Available, resource.Unit),
                    ("left", resource.Left, resource.Unit),
                ],
                []
            );
        return ReportFields.Find(field)
            ?? throw new InputException(
                $"unknown field '{field}'; known: {string.Join(", ", report.Resources.Select(r => r.Name))}, "
                    + $"{string.Join(' ', ReportFields.Names)}"
            );
    }
}
