using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>What turns a die into a card in a server.</summary>
public sealed record CardPrices
{
    /// <summary>Package and final test of one die, USD.</summary>
    [FieldRange(0, 1e6, "USD")]
    public required Constant PackageUsd { get; init; }

    /// <summary>Good packages over dies attached.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant AssemblyYield { get; init; }

    /// <summary>Wafer sort over die cost.</summary>
    [FieldRange(0, 10, "fraction")]
    public required Constant WaferTestFraction { get; init; }

    /// <summary>Board, regulators and cooling, USD.</summary>
    [FieldRange(0, 1e6, "USD")]
    public required Constant BoardUsd { get; init; }

    /// <summary>One card's share of its server, USD.</summary>
    [FieldRange(0, 1e7, "USD")]
    public required Constant ServerShareUsd { get; init; }

    /// <summary>One card's share of the server's own power, W.</summary>
    [FieldRange(0, 1e5, "W")]
    public required Constant ServerShareWatts { get; init; }

    /// <summary>Seller's margin over price, 0…1.</summary>
    [FieldRange(0, 0.99, "fraction")]
    public required Constant GrossMargin { get; init; }
}
