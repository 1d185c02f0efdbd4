using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>What a block-decoding method would give on the chip itself, instead of a product of two published ratios.</summary>
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

    /// <summary>Why the two published ratios must not be multiplied, in words.</summary>
    public string Sentence() =>
        $"{Claim.Name} is published with up to {NumberText.Significant(Claim.PublishedSpeedUp.High)} times over its own slow baseline (whole sequence, no cache, one step a token) on a GPU; "
        + $"multiplied with a chip's ratio it gives the \"{NumberText.Significant(Claim.Headline.Low)}–{NumberText.Significant(Claim.Headline.High)}×\" that circulate. That product is no speed of anything: "
        + $"on a GPU the {NumberText.Significant(Claim.Block)} positions of a step share one read of the weights, here every position passes the banks by itself. "
        + $"On this chip {NumberText.Significant(Claim.TokensPerStep)} tokens a step would run at {NumberText.Significant(SpeedUp)} times the speed of token by token, and compute {NumberText.Significant(PositionsPerToken)} positions for each token.";
}
