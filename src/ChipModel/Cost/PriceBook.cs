using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>Prices of one date. Read from <c>chips/prices/*.yaml</c>.</summary>
public sealed record PriceBook
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Day on which the prices held, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Electricity, USD per kWh.</summary>
    [FieldRange(0, 100, "USD/kWh")]
    public required Constant ElectricityUsdPerKwh { get; init; }

    /// <summary>Power at the meter over power at the plug.</summary>
    [FieldRange(1, 10, "x")]
    public required Constant Pue { get; init; }

    /// <summary>Space and power capital, USD per kW at the plug and year.</summary>
    [FieldRange(0, 1e6, "USD/kW/year")]
    public required Constant HostingUsdPerKwYear { get; init; }

    /// <summary>What turns a die into a card in a server.</summary>
    public required CardPrices Card { get; init; }

    /// <summary>How cards are used.</summary>
    public required ServicePrices Service { get; init; }

    /// <summary>Design of a fabric in N7 up to its first silicon, without masks, shared by all models, USD.</summary>
    [FieldRange(0, 1e12, "USD")]
    public required Constant PlatformDesignUsd { get; init; }

    /// <summary>Rates by which money of a later year is worth less, as shares; the first is used. They are the buyer's, so no draw of a
    /// chip's constants changes them.</summary>
    [FieldRange(0, 1, "fraction")]
    public List<Constant> DiscountRates { get; init; } = [];

    /// <summary>What else one could rent, buy or call.</summary>
    public required List<Alternative> Alternatives { get; init; }
}
