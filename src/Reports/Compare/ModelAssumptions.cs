using System.Globalization;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>What figures of a chip assume that nobody has published. Said wherever such a figure is shown.</summary>
public static class ModelAssumptions
{
    /// <summary>The assumptions behind a chip's figures, a sentence each.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="users">Most users of the figures shown.</param>
    public static IReadOnlyList<string> Of(DesignLibrary library, ChipPlan plan, double users)
    {
        var list = new List<string>();
        var technology = library.Technology(plan.Fabric.Technology);
        if (DieArea.ReticleFault(DieArea.Of(plan.Fabric, technology).TotalMm2.Value, plan.Fabric, technology) is { } fault)
            list.Add($"Assumption: the die can be made, although {fault}. 'fit' and 'compile' refuse it.");
        if (users > 1)
            list.Add(
                $"Assumption: {Users(users)} users on the chip at once, each at the speed shown. No published figure of a "
                    + "hard-wired chip shows more tokens in aggregate than for one user."
            );
        if (library.Anchor(plan.Fabric.Technology)?.Fabric is { Published: { } published } fabric)
            list.Add(
                $"Assumption: the published {NumberText.Significant(published.CardWatts.Low)} to "
                    + $"{NumberText.Significant(published.CardWatts.High)} W of the {fabric.Name}, on which power is calibrated, hold for "
                    + $"{Users(published.CardUsers)} users. Their load is not stated; half of the draws behind the intervals take "
                    + $"{Users(published.CardUsers.Low)} user."
            );
        if (plan.Model is { Causal: true, Patches: null } && plan.Fabric.Published?.Hypotheses is { } hypotheses)
            list.Add(
                $"Intervals of speed and of what follows from it mix explanations of the {plan.Fabric.Name} in service, by belief: "
                    + $"{Weighed(hypotheses.Decoding.Select(h => (h.Name, h.Weight)))} for decoding, "
                    + $"{Weighed(hypotheses.Prompts.Select(h => (h.Name, h.Weight)))} for prompts. Best estimates keep the structure; "
                    + "docs/validation.md says which measurement would decide."
            );
        if (plan.Model.Patches is not null)
            list.Add(
                "Assumption: a GPU computes forecasts with the kernels and the host work of its engine for language models. No "
                    + "measurement of a forecasting model is among those that the model of GPUs was fitted on."
            );
        return list;
    }

    private static string Weighed(IEnumerable<(string Name, double Weight)> hypotheses) =>
        string.Join(", ", hypotheses.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Name} {100 * h.Weight:0.#} %")));

    private static string Users(double users) => users.ToString("0.##", CultureInfo.InvariantCulture);
}
