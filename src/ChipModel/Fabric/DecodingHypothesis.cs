using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>One explanation of how fast the published chip decodes in service, where its measurements contradict each other.</summary>
public sealed record DecodingHypothesis
{
    /// <summary>Name, unique among the hypotheses of a fabric.</summary>
    public required string Name { get; init; }

    /// <summary>Belief in it; the weights of a list add up to 1.</summary>
    [FieldRange(0, 1, "fraction")]
    public required double Weight { get; init; }

    /// <summary>Whether attention takes the time of the published measurement's context, whatever the context.</summary>
    public bool FixedAttention { get; init; }

    /// <summary>Clock in service over the fitted clock.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public Constant ClockFraction { get; init; } = Constant.Exact(1, "fraction", "the fitted clock");

    /// <summary>Time that the service adds to each answer token outside the chip, µs.</summary>
    [FieldRange(0, 1e6, "us")]
    public Constant TokenOverheadUs { get; init; } = Constant.Exact(0, "us", "nothing outside the chip");

    /// <summary>What it says and what speaks for it, in a sentence.</summary>
    public required string Statement { get; init; }
}
