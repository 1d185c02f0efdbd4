using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>One explanation of how the published chip reads prompts in service.</summary>
public sealed record PromptHypothesis
{
    /// <summary>Name, unique among the hypotheses of a fabric.</summary>
    public required string Name { get; init; }

    /// <summary>Belief in it; the weights of a list add up to 1.</summary>
    [FieldRange(0, 1, "fraction")]
    public required double Weight { get; init; }

    /// <summary>Whether a prompt token enters only when the one before has left the chip.</summary>
    public bool OneByOne { get; init; }

    /// <summary>Time before the first prompt token enters, µs.</summary>
    [FieldRange(0, 1e7, "us")]
    public Constant StartUs { get; init; } = Constant.Exact(0, "us", "it enters at once");

    /// <summary>What it says and what speaks for it, in a sentence.</summary>
    public required string Statement { get; init; }
}
