namespace TaalasSim.Reports.Costs;

/// <summary>
/// What a way to get tokens costs in a month, by volume V in million tokens: <c>once + fixed · max(1, V / capacity) + each · V</c>.
/// The first card is paid whether it is used or not; further ones come with the volume.
/// </summary>
/// <param name="OnceUsd">Paid every month at any volume and any number of cards: the write-off of one-time costs.</param>
/// <param name="FixedUsd">Of one card: write-off and hosting, or its rent.</param>
/// <param name="UsdPerMillion">Of a million tokens: electricity, or the price of an API.</param>
/// <param name="CapacityMillion">Million tokens that one card makes in a month at its use; infinite for an API.</param>
public readonly record struct MonthlyCost(double OnceUsd, double FixedUsd, double UsdPerMillion, double CapacityMillion)
{
    /// <summary>Cost of a volume, USD a month.</summary>
    public double At(double millionTokens) =>
        OnceUsd + (FixedUsd * Math.Max(1, millionTokens / CapacityMillion)) + (UsdPerMillion * millionTokens);

    /// <summary>Smallest volume, million tokens a month, at which this is no dearer than the other; infinite when it always is dearer. A
    /// card that fills up may fall behind again.</summary>
    public double CrossOver(MonthlyCost other)
    {
        // Both are linear between the volumes at which one of them fills its first card.
        var (first, second) =
            CapacityMillion < other.CapacityMillion ? (CapacityMillion, other.CapacityMillion) : (other.CapacityMillion, CapacityMillion);
        double from = 0;
        foreach (var to in new[] { first, second, double.PositiveInfinity })
        {
            var gap = At(from) - other.At(from);
            if (gap <= 0)
                return from;
            var slope = Slope(from) - other.Slope(from);
            if (slope < 0 && from - (gap / slope) <= to)
                return from - (gap / slope);
            if (double.IsInfinity(to))
                break;
            from = to;
        }

        return double.PositiveInfinity;
    }

    // Of the stretch that begins at a volume.
    private double Slope(double millionTokens) => UsdPerMillion + (millionTokens >= CapacityMillion ? FixedUsd / CapacityMillion : 0);
}
