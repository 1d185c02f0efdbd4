using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>Money and weeks: die, card, masks, tokens.</summary>
public static class ChipCost
{
    /// <summary>Hours of a year of 365 days.</summary>
    public const double HoursPerYear = 8760;

    /// <summary>Good die: wafer price over good dies, with wafer sort. USD.</summary>
    public static double DieUsd(TechnologySpec technology, PriceBook prices, double grossDies, double yield) =>
        technology.Wafer.PriceUsd / (grossDies * yield) * (1 + prices.Card.WaferTestFraction);

    /// <summary>
    /// All cards of one model at cost: dies (and HBM stacks on an interposer) in packages that survive assembly, and boards. Each die and
    /// stack attached to a package may spoil it, so the yield of assembly enters once for each. USD.
    /// </summary>
    public static double CardUsd(PriceBook prices, FabricSpec fabric, double dieUsd)
    {
        var die = dieUsd + prices.Card.PackageUsd;
        var stacks = 0;
        if (fabric.Hbm is { } hbm)
        {
            stacks = hbm.StacksPerDie;
            die += (stacks * hbm.StackUsd) + hbm.InterposerUsd;
        }

        return (fabric.Dies * die / Math.Pow(prices.Card.AssemblyYield, fabric.DiesPerPackage * (1 + stacks)))
            + (fabric.Cards * prices.Card.BoardUsd);
    }

    /// <summary>Refuses a fabric that customises more masks than its process has.</summary>
    /// <exception cref="InputException">Such a fabric.</exception>
    public static void CheckMasks(FabricSpec fabric, TechnologySpec technology)
    {
        if (fabric.CustomMasks > technology.Masks.Layers)
            throw new InputException(
                $"fabric {fabric.Name}: custom_masks {fabric.CustomMasks} is above the {technology.Masks.Layers.Value:0} masks of "
                    + $"{technology.Name}"
            );
    }

    /// <summary>Custom masks of one model: both layers once, and for each respin the layers that change. USD.</summary>
    /// <param name="masks">Mask prices.</param>
    /// <param name="respins">Further rounds, may be fractional as a mean.</param>
    /// <param name="layersPerRespin">1 when only weights (or only dataflow) change, 2 for both.</param>
    /// <param name="distinctDies">Dies with different weights; each has its own masks.</param>
    /// <param name="customMasks">Masks that differ from model to model.</param>
    public static double CustomMasksUsd(
        MaskConstants masks,
        double respins,
        int layersPerRespin = 2,
        int distinctDies = 1,
        int customMasks = 2
    ) => masks.CustomMaskUsd * distinctDies * (customMasks + (respins * layersPerRespin));

    /// <summary>Masks that never change and stay with the fabric, shared over its models. USD per model.</summary>
    public static double BaseMasksUsdPerModel(MaskConstants masks, int models, int customMasks = 2) =>
        Math.Max(0, masks.SetUsd - (customMasks * masks.CustomMaskUsd)) / models;

    /// <summary>Design of the fabric in its process and its first mask set, shared by all models. USD.</summary>
    public static double PlatformUsd(PriceBook prices, MaskConstants masks) =>
        (prices.PlatformDesignUsd * masks.DesignRatio) + masks.SetUsd;

    /// <summary>Weeks from a finished model to cards on stocked base wafers.</summary>
    public static double TurnaroundWeeks(MaskConstants masks) => Weeks(masks, masks.LayersAfterCustom);

    /// <summary>Weeks when every layer has still to be made.</summary>
    public static double FullFlowWeeks(MaskConstants masks) => Weeks(masks, masks.Layers);

    /// <summary>USD per million answer tokens of a card: capital over its life at its use, electricity and hosting.</summary>
    /// <param name="prices">Prices.</param>
    /// <param name="capitalUsd">What is written off per card: price, server share, share of one-time costs.</param>
    /// <param name="watts">At the plug under load, server share included.</param>
    /// <param name="tokensPerSecond">Answer tokens under load.</param>
    public static double UsdPerMillionTokens(PriceBook prices, double capitalUsd, double watts, double tokensPerSecond) =>
        UsdPerHour(prices, capitalUsd, watts) / (tokensPerSecond * 3600 * prices.Service.Utilisation / 1e6);

    /// <summary>Cost of a card-hour, loaded or not: write-off, hosting, and electricity for the loaded share of the hour.</summary>
    public static double UsdPerHour(PriceBook prices, double capitalUsd, double watts) =>
        (capitalUsd / (prices.Service.LifeYears * HoursPerYear))
        + (
            watts
            / 1000
            * ((prices.HostingUsdPerKwYear / HoursPerYear) + (prices.ElectricityUsdPerKwh * prices.Pue * prices.Service.Utilisation))
        );

    /// <summary>USD per million answer tokens for what a loaded card needs besides its write-off: hosting, electricity, and both.</summary>
    /// <param name="prices">Prices.</param>
    /// <param name="watts">At the plug under load, server share included.</param>
    /// <param name="tokensPerSecond">Answer tokens under load.</param>
    public static (double Hosting, double Electricity, double Both) RunningUsdPerMillionTokens(
        PriceBook prices,
        double watts,
        double tokensPerSecond
    )
    {
        var kilowatts = watts / 1000;
        var electricityUsdPerKwh = prices.ElectricityUsdPerKwh * prices.Pue * prices.Service.Utilisation;
        return (
            Million(kilowatts * prices.HostingUsdPerKwYear / HoursPerYear),
            Million(kilowatts * prices.ElectricityUsdPerKwh * prices.Pue * prices.Service.Utilisation),
            Million(kilowatts * ((prices.HostingUsdPerKwYear / HoursPerYear) + electricityUsdPerKwh))
        );

        double Million(double usdPerHour) => usdPerHour / (tokensPerSecond * 3600 * prices.Service.Utilisation) * 1e6;
    }

    /// <summary>Million tokens after which one-time costs are paid back against an alternative; infinite when each token costs
    /// more.</summary>
    /// <param name="oneTimeUsd">Masks, compilation, share of the platform.</param>
    /// <param name="usdPerMillion">Running cost here, one-time costs left out.</param>
    /// <param name="alternativeUsdPerMillion">Cost there.</param>
    public static double CrossOverMillionTokens(double oneTimeUsd, double usdPerMillion, double alternativeUsdPerMillion) =>
        alternativeUsdPerMillion > usdPerMillion ? oneTimeUsd / (alternativeUsdPerMillion - usdPerMillion) : double.PositiveInfinity;

    /// <summary>An alternative's price of a million answer tokens.</summary>
    /// <param name="alternative">Rented card, bought card or API.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="watts">The alternative card at its plug; not used for rented cards and APIs.</param>
    /// <param name="tokensPerSecond">The alternative card's answer tokens under load; not used for APIs.</param>
    public static double AlternativeUsdPerMillion(Alternative alternative, PriceBook prices, double watts, double tokensPerSecond) =>
        alternative.Kind switch
        {
            "api" => alternative.Usd,
            "hourly" => alternative.Usd / (tokensPerSecond * 3600 * prices.Service.Utilisation / 1e6),
            "card" => UsdPerMillionTokens(
                prices,
                alternative.Usd + prices.Card.ServerShareUsd,
                watts + prices.Card.ServerShareWatts,
                tokensPerSecond
            ),
            _ => throw new Files.InputException(
                $"prices {prices.Name}: alternative '{alternative.Name}' has kind '{alternative.Kind}'; use hourly, card or api"
            ),
        };

    private static double Weeks(MaskConstants masks, double layers) =>
        masks.MaskWeeks + (layers * masks.DaysPerLayer / 7) + masks.AssemblyWeeks;
}
