using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Costs;

/// <summary>Monthly cost of a chip and of its alternatives.</summary>
internal static class ChipMonth
{
    private const double HoursPerMonth = ChipCost.HoursPerYear / 12;

    /// <summary>The chip's cost by volume.</summary>
    /// <param name="design">Draw.</param>
    /// <param name="own">Whether all one-time costs are paid by this one operator instead of being shared over the cards of the
    /// run.</param>
    public static MonthlyCost Of(DesignDraw design, bool own)
    {
        var (f, p, cards) = (design.Figures(), design.Prices, design.Chip.Fabric.Cards);
        var months = 12 * p.Service.LifeYears;
        var oneTime = f.OneTimeUsdPerModel.Value;
        var card = (f.CardUsd.Value / (1 - p.Card.GrossMargin)) + (cards * p.Card.ServerShareUsd);
        var once = own ? oneTime / months : 0;
        if (!own)
            card += cards * oneTime / p.Service.CardsPerModel;
        return Owned(p, card, once, f.Watts.Value + (cards * p.Card.ServerShareWatts), f.TokensPerSecondTotal);
    }

    /// <summary>The cost of renting, buying or calling.</summary>
    /// <param name="a">The alternative.</param>
    /// <param name="p">Prices.</param>
    /// <param name="watts">Its card at the plug.</param>
    /// <param name="tokensPerSecond">Its answer tokens under load.</param>
    public static MonthlyCost Of(Alternative a, PriceBook p, double watts, double tokensPerSecond) =>
        a.Kind switch
        {
            "api" => new(0, 0, a.Usd, double.PositiveInfinity),
            "hourly" => new(0, a.Usd * HoursPerMonth, 0, Capacity(p, tokensPerSecond)),
            "card" => Owned(p, a.Usd + p.Card.ServerShareUsd, 0, watts + p.Card.ServerShareWatts, tokensPerSecond),
            _ => throw new InputException($"prices {p.Name}: alternative '{a.Name}' has kind '{a.Kind}'; use hourly, card or api"),
        };

    private static MonthlyCost Owned(PriceBook p, double cardUsd, double onceUsd, double watts, double tokensPerSecond) =>
        new(
            onceUsd,
            (cardUsd / (12 * p.Service.LifeYears)) + (watts / 1000 * p.HostingUsdPerKwYear / 12),
            watts / 1000 / 3600 * p.ElectricityUsdPerKwh * p.Pue / tokensPerSecond * 1e6,
            Capacity(p, tokensPerSecond)
        );

    private static double Capacity(PriceBook p, double tokensPerSecond) =>
        tokensPerSecond * 3600 * HoursPerMonth * p.Service.Utilisation / 1e6;
}
