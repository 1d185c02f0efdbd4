using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>The price list with the terms that a command line gives.</summary>
public static class PriceTerms
{
    /// <summary>The prices of a library with cards and use replaced where they are given.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="cards">Cards that share the one-time costs of the model; 0 takes the price list's.</param>
    /// <param name="utilisation">Share of the time under load, above 0 and at most 1; 0 takes the price list's.</param>
    /// <param name="changes">Fields of the price list and the values that replace what it says; null for none.</param>
    /// <exception cref="InputException">A value is out of range, or there is no such field.</exception>
    public static PriceBook Of(
        DesignLibrary library,
        int cards = 0,
        double utilisation = 0,
        IReadOnlyDictionary<string, string>? changes = null
    )
    {
        if (cards < 0)
            throw new InputException($"--cards {cards}: use 1 or more");
        if (!(utilisation >= 0 && utilisation <= 1))
            throw new InputException($"--utilisation {NumberText.Significant(utilisation)}: use a share above 0 and at most 1");
        var prices = library.Prices(changes);
        var service = prices.Service;
        return prices with
        {
            Service = service with
            {
                CardsPerModel = cards > 0 ? Constant.Exact(cards, "cards", "given on the command line") : service.CardsPerModel,
                Utilisation = utilisation > 0 ? Constant.Exact(utilisation, "fraction", "given on the command line") : service.Utilisation,
            },
        };
    }

    /// <summary>The prices of a comparison: the utilisation is a condition of it, the same for every system, and not a source of
    /// uncertainty.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="utilisation">Share of the time under load; 0 takes the price list's.</param>
    /// <param name="changes">Fields of the price list and the values that replace what it says; null for none.</param>
    /// <exception cref="InputException">A value is out of range, or there is no such field.</exception>
    public static PriceBook ForComparison(
        DesignLibrary library,
        double utilisation = 0,
        IReadOnlyDictionary<string, string>? changes = null
    )
    {
        var prices = Of(library, utilisation: utilisation, changes: changes);
        var use = prices.Service.Utilisation;
        return prices with { Service = prices.Service with { Utilisation = Constant.Exact(use.Value, use.Unit, use.Source) } };
    }
}
