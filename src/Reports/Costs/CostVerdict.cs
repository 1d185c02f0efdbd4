using System.Globalization;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Costs;

/// <summary>Puts the common claim to the test that a hard-wired chip is worthwhile above 10 million tokens a month and 1,000 tokens per
/// second.</summary>
internal static class CostVerdict
{
    /// <summary>Claimed volume, million tokens a month.</summary>
    public const double ClaimedMillion = 10;

    private const double ClaimedTokensPerSecond = 1000;

    public static IReadOnlyList<string> Sentences(
        double cards,
        UncertaintyRange speed,
        UncertaintyRange usdPerMonth,
        IReadOnlyList<CostAlternative> alternatives
    )
    {
        var priced = alternatives.Where(a => a.Unavailable.Length == 0).ToList();
        var at = CostReport.VolumesMillion.ToList().IndexOf(ClaimedMillion);
        var cheaper = priced.Where(a => a.UsdPerMonth[at].Value < usdPerMonth.Value).ToList();
        var fast = priced.Where(a => a.TokensPerSecondUser is { } s && s.Value >= ClaimedTokensPerSecond).ToList();
        var list = new List<string>
        {
            cheaper.Count > 0
                ? $"At {ClaimedMillion.ToString(CultureInfo.InvariantCulture)} million tokens a month one card costs "
                    + $"{NumberText.Significant(usdPerMonth.Value)} USD a month; "
                    + $"{Names(cheaper, a => $"{a.Name} {NumberText.Significant(a.UsdPerMonth[at].Value)}")} cost less: on price "
                    + "the claim does not hold there."
                : $"At {ClaimedMillion.ToString(CultureInfo.InvariantCulture)} million tokens a month one card costs "
                    + $"{NumberText.Significant(usdPerMonth.Value)} USD a month, less than every alternative: on price the claim "
                    + "holds.",
        };
        foreach (var api in priced.Where(a => a.Kind == "api"))
            list.Add(
                double.IsInfinity(api.CrossOverMillionPerMonth!.Value.Value)
                    ? $"{api.Name} stays cheaper at any volume at this use of the cards."
                    : $"Against {api.Name} one card of {NumberText.Significant(cards)} breaks even from "
                        + $"{NumberText.Significant(api.CrossOverMillionPerMonth.Value.Value)} million tokens a "
                        + (
                            double.IsInfinity(api.OwnModelCrossOverMillionPerMonth!.Value.Value)
                                ? "month; a card with its own model never does."
                                : "month, a card with its own model from "
                                    + $"{NumberText.Significant(api.OwnModelCrossOverMillionPerMonth.Value.Value)} million."
                        )
            );
        list.Add(
            speed.Value >= ClaimedTokensPerSecond
                ? $"One user sees {NumberText.Significant(speed.Value)} tokens/s; "
                    + $"{(fast.Count > 0 ? Names(fast, a => a.Name) + " also reach" : "no GPU of the list reaches")} "
                    + $"{NumberText.Significant(ClaimedTokensPerSecond)} tokens/s for one user: "
                    + $"{(fast.Count > 0 ? "speed alone does not decide" : "where that speed is needed, cost is not what decides")}."
                : $"One user sees {NumberText.Significant(speed.Value)} tokens/s, less than the "
                    + $"{NumberText.Significant(ClaimedTokensPerSecond)} of the claim."
        );
        return list;
    }

    private static string Names(IReadOnlyList<CostAlternative> list, Func<CostAlternative, string> name) =>
        string.Join(", ", list.Select(name));
}
