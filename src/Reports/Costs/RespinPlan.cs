using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Costs;

/// <summary>How often a service takes a new model, and for how long.</summary>
/// <param name="RespinMonths">Months from one model to the next, 1…120.</param>
/// <param name="Years">Years of the service, 1…20.</param>
public sealed record RespinPlan(int RespinMonths, int Years)
{
    /// <summary>Longest time between two models, months.</summary>
    public const int LongestMonths = 120;

    /// <summary>Longest service, years.</summary>
    public const int LongestYears = 20;

    /// <summary>Months of the service.</summary>
    public int Months => 12 * Years;

    /// <summary>Models of the service; the first comes at its start.</summary>
    public int Generations => (Months + RespinMonths - 1) / RespinMonths;

    /// <summary>Checks both numbers.</summary>
    /// <exception cref="InputException">A number is out of range.</exception>
    public void Check()
    {
        if (RespinMonths is < 1 or > LongestMonths)
            throw new InputException($"--respin-months {RespinMonths}: use 1 to {LongestMonths}");
        if (Years is < 1 or > LongestYears)
            throw new InputException($"--years {Years}: use 1 to {LongestYears}");
    }

    /// <summary>Times that something is bought up to a month, that month included: at the start, and whenever it is replaced.</summary>
    /// <param name="everyMonths">Months between two purchases, above 0.</param>
    /// <param name="month">Month, from 0; nothing is bought at the end of the service.</param>
    internal double Purchases(double everyMonths, double month) =>
        Math.Min(Math.Floor(month / everyMonths) + 1, Math.Ceiling(Months / everyMonths));

    /// <summary>Times that cards are bought: with every model, and within its time whenever the cards are at the end of their
    /// life.</summary>
    /// <param name="lifeMonths">Life of a card, months.</param>
    /// <param name="month">Month, from 0.</param>
    internal double CardPurchases(double lifeMonths, double month)
    {
        var (last, each) = (Math.Min(month, Months - 1e-9), Math.Ceiling(RespinMonths / lifeMonths));
        var whole = Math.Floor(last / RespinMonths);
        return (whole * each) + Math.Floor((last - (whole * RespinMonths)) / lifeMonths) + 1;
    }
}
