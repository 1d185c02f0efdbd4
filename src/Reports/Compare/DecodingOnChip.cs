using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Reports.Compare;

/// <summary>What a block-decoding method would give on the chip itself, instead of a product of two published ratios
/// (docs/multiplied-speed-ups.md).</summary>
/// <param name="Claim">The method.</param>
/// <param name="SpeedUp">Rate for one user over decoding token by token, on this chip.</param>
/// <param name="PositionsPerToken">Positions that the chip computes for one answer token; 1 when it decodes token by token.</param>
public sealed record DecodingOnChip(DecodingClaim Claim, double SpeedUp, double PositionsPerToken)
{
    /// <summary>Evaluates the method on a chip that decodes token by token, for one user at the nominal clock.</summary>
    public static DecodingOnChip Of(DecodingClaim claim, EvaluationInput chip, ServiceShape service, double factor)
    {
        var one = service with { Users = 1 };
        var block = (int)claim.Block.Value;
        var blocks = chip with { Causal = false, CanvasBlock = block, TokensPerStep = claim.TokensPerStep };
        return new DecodingOnChip(
            claim,
            blocks.Speed(one, factor).TokensPerSecondUser / chip.Speed(one, factor).TokensPerSecondUser,
            CanvasLatency.PositionsPerToken(block, claim.TokensPerStep, one)
        );
    }
}
