using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>One of the five figures of a comparison.</summary>
/// <param name="Key">Key in machine-readable output.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Unit">Unit.</param>
/// <param name="MoreIsBetter">Whether the larger figure wins.</param>
/// <param name="Of">Reads it.</param>
public sealed record ComparedFigure(string Key, string Name, string Unit, bool MoreIsBetter, Func<ServicePoint, UncertaintyRange> Of)
{
    /// <summary>The five figures in the order of every table.</summary>
    public static IReadOnlyList<ComparedFigure> All { get; } =
    [
        new("tokens_per_second_user", "speed for one user", "tokens/s", true, p => p.TokensPerSecondUser),
        new("tokens_per_second_total", "speed of all users together", "tokens/s", true, p => p.TokensPerSecondTotal),
        new("watts", "power", "W", false, p => p.Watts),
        new("joules_per_token", "energy", "J/token", false, p => p.JoulesPerToken),
        new("usd_per_million_tokens", "cost", "USD per million tokens", false, p => p.UsdPerMillionTokens),
    ];
}
