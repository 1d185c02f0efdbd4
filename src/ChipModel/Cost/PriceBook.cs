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
    public required Constant ElectricityUsdPerKwh { get; init; }

    /// <summary>Power at the meter over power at the plug.</summary>
    public required Constant Pue { get; init; }

    /// <summary>Space and power capital, USD per kW at the plug and year.</summary>
    public required Constant HostingUsdPerKwYear { get; init; }

    public required CardPrices Card { get; init; }

    public required ServicePrices Service { get; init; }

    /// <summary>Design of the fabric and its first silicon, masks included, shared by all models, USD.</summary>
    public required Constant PlatformUsd { get; init; }

    /// <summary>What else one could rent, buy or call.</summary>
    public required List<Alternative> Alternatives { get; init; }
}

/// <summary>What turns a die into a card in a server.</summary>
public sealed record CardPrices
{
    /// <summary>Package and final test of one die, USD.</summary>
    public required Constant PackageUsd { get; init; }

    /// <summary>Good packages over dies attached.</summary>
    public required Constant AssemblyYield { get; init; }

    /// <summary>Wafer sort over die cost.</summary>
    public required Constant WaferTestFraction { get; init; }

    /// <summary>Board, regulators and cooling, USD.</summary>
    public required Constant BoardUsd { get; init; }

    /// <summary>One card's share of its server, USD.</summary>
    public required Constant ServerShareUsd { get; init; }

    /// <summary>One card's share of the server's own power, W.</summary>
    public required Constant ServerShareWatts { get; init; }

    /// <summary>Seller's margin over price, 0…1.</summary>
    public required Constant GrossMargin { get; init; }
}

/// <summary>How cards are used.</summary>
public sealed record ServicePrices
{
    /// <summary>Years over which a card is written off.</summary>
    public required Constant LifeYears { get; init; }

    /// <summary>Share of the time under load, 0…1.</summary>
    public required Constant Utilisation { get; init; }

    /// <summary>Mean number of further custom mask pairs per model.</summary>
    public required Constant Respins { get; init; }

    /// <summary>Engineering per model, USD.</summary>
    public required Constant CompileUsd { get; init; }

    /// <summary>Cards made of one model.</summary>
    public required Constant CardsPerModel { get; init; }

    /// <summary>Models that share one fabric's design and base masks.</summary>
    public required Constant ModelsPerPlatform { get; init; }
}

/// <summary>A GPU to rent or buy, or an API.</summary>
public sealed record Alternative
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary><c>hourly</c> (USD per card and hour), <c>card</c> (USD per card) or <c>api</c> (USD per million answer tokens).</summary>
    public required string Kind { get; init; }

    /// <summary>The price.</summary>
    public required Constant Usd { get; init; }

    /// <summary>Of an API: USD per million prompt tokens; absent when prompts cost nothing or it is not known.</summary>
    public Constant? InputUsd { get; init; }
}
