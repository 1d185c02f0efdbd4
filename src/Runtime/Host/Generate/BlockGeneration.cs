using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>What was filled in block by block, and what it cost in simulated time.</summary>
public sealed record BlockGeneration
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens that were asked for; the blocks may hold more.</summary>
    public required int Wanted { get; init; }

    /// <summary>Positions of a block.</summary>
    public required int BlockLength { get; init; }

    /// <summary>The blocks in order.</summary>
    public required IReadOnlyList<DecodedBlock> Blocks { get; init; }

    /// <summary>The block, from 0, that held a stop token; null when none did.</summary>
    public required int? StoppedInBlock { get; init; }

    /// <summary>The answer: up to the first stop token, which is left out, and no more than was asked for.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Simulated time from the request to the first block at the host.</summary>
    public required double FirstBlockSeconds { get; init; }

    /// <summary>Simulated time of the prompt's pass.</summary>
    public required double PrefillSeconds { get; init; }

    /// <summary>Simulated time of the whole request.</summary>
    public required double SimulatedSeconds { get; init; }

    /// <summary>Simulated energy of the whole request above idle, from the card's counter.</summary>
    public required double Joules { get; init; }

    /// <summary>Time that the simulation took on the host.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Steps of all blocks.</summary>
    public int Steps => Blocks.Sum(b => b.Steps);

    /// <summary>Positions of all blocks.</summary>
    public int Positions => Blocks.Count * BlockLength;

    /// <summary>Passes over the chip; the last block is not committed.</summary>
    public PassCounts Passes => new(1, Steps, Blocks.Count - 1);

    /// <summary>Positions that the passes computed.</summary>
    public PassCounts Slots => new(PromptTokens, Steps * BlockLength, (Blocks.Count - 1) * BlockLength);

    /// <summary>Tokens that a step reveals in the mean.</summary>
    public double TokensPerStep => (double)Blocks.Sum(b => b.RevealedAt.Count(at => at > 0)) / Steps;

    /// <summary>Passes, one after another, for each position.</summary>
    public double SequentialPassesPerToken => (double)(Passes.Step + Passes.Commit) / Positions;

    /// <summary>Positions that steps and commits computed for each position of the answer.</summary>
    public double SlotsPerToken => (double)(Slots.Step + Slots.Commit) / Positions;
}
