using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Reports.Compare;

/// <summary>Derives one figure of a chip: formula, inputs, and every constant that moves it.</summary>
public static class BuildExplanation
{
    /// <summary>The derivation for one user.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="field">A key of <see cref="FigureCatalog.All"/>, or a field of a report that is named or given
    /// rather than computed.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <param name="users">Users, at least 1.</param>
    public static Explanation Of(DesignLibrary library, ChipPlan plan, PriceBook prices, string field, int input, int output, int users = 1)
    {
        if (ReportFields.Find(field) is { } meaning)
            return meaning;
        var service = new ServiceShape(input, output, users);
        service.Check();
        RequestLengths.Check(plan.Model, input, output);
        return new ChipUncertainty(
            EvaluationInput.Of(plan),
            library.Technology(plan.Fabric.Technology),
            prices,
            service,
            library.Anchor(plan.Fabric.Technology)
        ).Explain(FigureCatalog.Named(field));
    }
}
