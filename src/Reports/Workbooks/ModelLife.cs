using TaalasSim.ChipModel.Cost;

namespace TaalasSim.Reports.Workbooks;

/// <summary>Money over the life of one model's cards, by month: what they cost, and what the same answer tokens cost elsewhere.</summary>
/// <param name="LifeMonths">From the first card to its retirement; the last month may be a part of one.</param>
/// <param name="DiscountRate">By which a dollar in a year is worth less, a share.</param>
/// <param name="InvestmentUsd">At the start: cards, their servers, masks and engineering.</param>
/// <param name="RunningUsdPerMonth">Hosting and electricity of all cards.</param>
/// <param name="MillionTokensPerMonth">Answer tokens of all cards.</param>
public sealed record ModelLife(
    double LifeMonths,
    double DiscountRate,
    double InvestmentUsd,
    double RunningUsdPerMonth,
    double MillionTokensPerMonth
)
{
    /// <summary>Hours of a month.</summary>
    public const double HoursPerMonth = ChipCost.HoursPerYear / 12;

    /// <summary>Net present value of the cards against buying the same tokens: savings of each month at its end, less the
    /// investment. USD.</summary>
    /// <param name="usdPerMillionTokens">Price of the tokens elsewhere.</param>
    public double NetPresentUsd(double usdPerMillionTokens)
    {
        var value = -InvestmentUsd;
        for (var month = 1; month - 1 < LifeMonths; month++)
        {
            var share = Math.Min(1, LifeMonths - (month - 1));
            var saved = (MillionTokensPerMonth * usdPerMillionTokens) - RunningUsdPerMonth;
            value += share * saved / Math.Pow(1 + DiscountRate, month / 12.0);
        }

        return value;
    }
}
