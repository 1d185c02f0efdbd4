using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

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
