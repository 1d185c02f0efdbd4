using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>How a card warms up and how its firmware keeps it below the limit. Read from <c>chips/cooling/*.yaml</c>.</summary>
public sealed record CoolingSpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Part of the resistance from junction to air that lies between junction and heat sink.</summary>
    [FieldRange(0, 1, "fraction")]
    public required Constant JunctionShare { get; init; }

    /// <summary>Time constant of that part, s.</summary>
    [FieldRange(1e-6, 1e4, "s")]
    public required Constant JunctionSeconds { get; init; }

    /// <summary>Time constant of the heat sink, s.</summary>
    [FieldRange(1e-6, 1e6, "s")]
    public required Constant SinkSeconds { get; init; }

    /// <summary>Time constant of the averaged power sensor, s.</summary>
    [FieldRange(1e-6, 1e4, "s")]
    public required Constant SensorSeconds { get; init; }

    /// <summary>Time between two looks of the firmware at the temperature, s.</summary>
    [FieldRange(1e-6, 100, "s")]
    public required Constant PeriodSeconds { get; init; }

    /// <summary>By how much of the nominal clock one step lowers it.</summary>
    [FieldRange(0.001, 1, "fraction")]
    public required Constant StepFraction { get; init; }

    /// <summary>Lowest clock over the nominal one.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant LowestFraction { get; init; }

    /// <summary>How far below the limit the junction must be before the clock is raised by a step, K.</summary>
    [FieldRange(0, 100, "K")]
    public required Constant HysteresisKelvin { get; init; }

    /// <summary>Checks the cooling of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value is not a figure.</exception>
    public static CoolingSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null) =>
        file.Bind<CoolingSpec>(overrides);
}
