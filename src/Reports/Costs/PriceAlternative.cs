using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Costs;

/// <summary>Prices a GPU or an API beside a chip.</summary>
/// <remarks>Ends of its intervals: the highest price at the slowest rate and the other way round. What a card-hour costs besides its price
/// is drawn with the chip.</remarks>
internal static class PriceAlternative
{
    public static CostAlternative Of(
        DesignLibrary library,
        ModelShape model,
        PriceBook prices,
        Alternative a,
        ChipUncertainty chip,
        int input,
        int output
    )
    {
        // The price list names cards with how they are had, e.g. "h200 rented".
        var gpu = a.Kind == "api" ? null : GpuViews.Of(library.Gpus, model, a.Name.Split(' ')[0], input, output);
        if (gpu?.Unavailable.Length > 0)
            return new CostAlternative
            {
                Name = a.Name,
                Kind = a.Kind,
                TokensPerSecondUser = null,
                UsdPerMillionTokens = null,
                UsdPerMonth = [],
                CrossOverMillionPerMonth = null,
                OwnModelCrossOverMillionPerMonth = null,
                Unavailable = gpu.Unavailable,
            };
        var watts = gpu?.FullBatch!.Watts.Value ?? 0;
        var rate = gpu?.FullBatch!.TokensPerSecondTotal ?? UncertaintyRange.Exact(1);
        var crossings = Crossings(a, chip, watts, rate.Value);
        var perMillion = PerMillion(a, prices, watts, rate);
        return new CostAlternative
        {
            Name = a.Name,
            Kind = a.Kind,
            TokensPerSecondUser = gpu?.OneUser!.TokensPerSecondUser,
            UsdPerMillionTokens = perMillion,
            UsdPerThousandRequests = PerThousandRequests(a, perMillion, input, output),
            UsdPerMillionByUtilisation =
            [
                .. CostReport.Utilisations.Select(u => PerMillion(a, CostTables.WithUtilisation(prices, u), watts, rate)),
            ],
            UsdPerMonth = ByVolume(a, prices, watts, rate),
            CrossOverMillionPerMonth = crossings.Shared,
            OwnModelCrossOverMillionPerMonth = crossings.Own,
        };
    }

    private static UncertaintyRange PerMillion(Alternative a, PriceBook prices, double watts, UncertaintyRange rate)
    {
        double Million(double usd, double tokensPerSecond) =>
            ChipCost.AlternativeUsdPerMillion(Priced(a, usd), prices, watts, tokensPerSecond);
        return new(Million(a.Usd.Value, rate.Value), Million(a.Usd.Low, rate.High), Million(a.Usd.High, rate.Low));
    }

    private static UncertaintyRange PerThousandRequests(Alternative a, UncertaintyRange perMillion, int input, int output)
    {
        var (value, low, high) = a.InputUsd is { } usd ? (usd.Value, usd.Low, usd.High) : (0, 0, 0);
        return new(
            1e-3 * ((input * value) + (output * perMillion.Value)),
            1e-3 * ((input * low) + (output * perMillion.Low)),
            1e-3 * ((input * high) + (output * perMillion.High))
        );
    }

    private static IReadOnlyList<UncertaintyRange> ByVolume(Alternative a, PriceBook prices, double watts, UncertaintyRange rate)
    {
        var (middle, least, most) = (
            ChipMonth.Of(a, prices, watts, rate.Value),
            ChipMonth.Of(Priced(a, a.Usd.Low), prices, watts, rate.High),
            ChipMonth.Of(Priced(a, a.Usd.High), prices, watts, rate.Low)
        );
        return [.. CostReport.VolumesMillion.Select(v => new UncertaintyRange(middle.At(v), least.At(v), most.At(v)))];
    }

    // Volume from which the chip is no dearer: with one-time costs shared over the run, and with all of them paid by one operator.
    private static (UncertaintyRange Shared, UncertaintyRange Own) Crossings(
        Alternative a,
        ChipUncertainty chip,
        double watts,
        double tokensPerSecond
    )
    {
        Func<DesignDraw, double> Cross(bool own, double usd) =>
            d => ChipMonth.Of(d, own).CrossOver(ChipMonth.Of(Priced(a, usd), d.Prices, watts, tokensPerSecond));
        double[] prices = [a.Usd.Value, a.Usd.Low, a.Usd.High];
        var all = chip.Intervals([.. from own in new[] { false, true } from usd in prices select Cross(own, usd)], BuildCost.Draws);
        UncertaintyRange Crossing(int from) => new(all[from].Value, all[from + 2].Low, all[from + 1].High);
        return (Crossing(0), Crossing(prices.Length));
    }

    private static Alternative Priced(Alternative a, double usd) => a with { Usd = a.Usd with { Value = usd } };
}
