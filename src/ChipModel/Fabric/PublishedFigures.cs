using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>What the maker of the chip that a fabric stands for has said about it: the only figures that calibration may use.</summary>
public sealed record PublishedFigures
{
    /// <summary>Name of the model it ran.</summary>
    public required string Model { get; init; }

    /// <summary>Prompt tokens of the measurement.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens of the measurement.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public required int OutputTokens { get; init; }

    /// <summary>Decode rate of one user, tokens per second; fits the clock.</summary>
    [FieldRange(0.001, 1e9, "tok/s/user")]
    public required Constant TokensPerSecondUser { get; init; }

    /// <summary>Die area, mm²; fits the area factor.</summary>
    [FieldRange(0.001, 1e5, "mm2")]
    public required Constant DieMm2 { get; init; }

    /// <summary>Card power under <see cref="CardUsers"/>, W; fits the power factor.</summary>
    [FieldRange(0.001, 1e5, "W")]
    public required Constant CardWatts { get; init; }

    /// <summary>Users behind <see cref="CardWatts"/>, each at full speed; an interval where the source does not state its load.</summary>
    [FieldRange(0.01, 1 << 20, "users")]
    public Constant CardUsers { get; init; } = Constant.Exact(1, "users", "one user where nothing is said");

    /// <summary>Prompt tokens of each of these users.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public int CardInputTokens { get; init; } = 1000;

    /// <summary>Answer tokens of each of these users.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public int CardOutputTokens { get; init; } = 1000;

    /// <summary>Transistors; compared after fitting, never fitted.</summary>
    [FieldRange(1, 1e15, "transistors")]
    public required Constant Transistors { get; init; }

    /// <summary>What could explain that the chip behaves otherwise in service; absent where no measurement contradicts another. Widens
    /// intervals, never moves a best estimate, and takes no part in calibration.</summary>
    public ServiceHypotheses? Hypotheses { get; init; }
}
