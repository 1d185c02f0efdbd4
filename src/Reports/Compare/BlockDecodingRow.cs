namespace TaalasSim.Reports.Compare;

/// <summary>One system with one way of decoding, one user.</summary>
/// <param name="System">Chip or card.</param>
/// <param name="InBlocks">Blocks of a diffusion model; otherwise token by token, by a causal model of the same sizes.</param>
/// <param name="TokensPerSecondUser">Answer tokens per second.</param>
/// <param name="PassesPerToken">Passes, one after another, for each answer token.</param>
/// <param name="PositionsPerToken">Positions computed for each answer token.</param>
/// <param name="Watts">Power under this load.</param>
/// <param name="JoulesPerToken">Energy of an answer token.</param>
public sealed record BlockDecodingRow(
    string System,
    bool InBlocks,
    double TokensPerSecondUser,
    double PassesPerToken,
    double PositionsPerToken,
    double Watts,
    double JoulesPerToken
);
