using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Reports.Compare;

/// <summary>
/// A diffusion model that decodes in blocks beside a causal model of the same sizes, on the chip and on GPUs, at one service point: one
/// user, the same lengths, best estimates. Says what is left of a product of published speed-ups (docs/multiplied-speed-ups.md).
/// </summary>
public sealed record BlockDecoding
{
    /// <summary>The method whose claim is checked.</summary>
    public required DecodingClaim Claim { get; init; }

    /// <summary>Positions of a block.</summary>
    public required int Block { get; init; }

    /// <summary>Tokens that a step reveals.</summary>
    public required double TokensPerStep { get; init; }

    /// <summary>Positions that meet one read of the chip's banks.</summary>
    public required int PositionsPerRead { get; init; }

    /// <summary>Area of all dies of the chip, mm².</summary>
    public required double Mm2 { get; init; }

    /// <summary>Chip, then GPUs; each token by token, then in blocks.</summary>
    public required IReadOnlyList<BlockDecodingRow> Rows { get; init; }

    /// <summary>How much faster the chip decodes in blocks than token by token.</summary>
    public double OnChip => Rows[1].TokensPerSecondUser / Rows[0].TokensPerSecondUser;

    /// <summary>How much faster the first GPU decodes in blocks than token by token; null without GPUs.</summary>
    public double? OnGpu => Rows.Count > 3 ? Rows[3].TokensPerSecondUser / Rows[2].TokensPerSecondUser : null;

    /// <summary>The chip in blocks over the first GPU token by token: both speed-ups at one service point; null without GPUs.</summary>
    public double? Both => Rows.Count > 3 ? Rows[1].TokensPerSecondUser / Rows[2].TokensPerSecondUser : null;

    /// <summary>The chip over the first GPU where both decode in blocks; null without GPUs.</summary>
    public double? SameMethod => Rows.Count > 3 ? Rows[1].TokensPerSecondUser / Rows[3].TokensPerSecondUser : null;

    /// <summary>The chip over the first GPU where both decode token by token; null without GPUs.</summary>
    public double? TokenByToken => Rows.Count > 3 ? Rows[0].TokensPerSecondUser / Rows[2].TokensPerSecondUser : null;

    /// <summary>Evaluates a diffusion model on a chip and on GPUs; null for a model that decodes token by token.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip; a model without blocks takes block and tokens per step of the claim.</param>
    /// <param name="gpus">Names of cards.</param>
    /// <param name="input">Prompt tokens.</param>
    /// <param name="output">Answer tokens.</param>
    /// <param name="prices">Prices.</param>
    public static BlockDecoding? Of(
        DesignLibrary library,
        ChipPlan plan,
        IReadOnlyList<string> gpus,
        int input,
        int output,
        PriceBook prices
    )
    {
        if (plan.Model.Causal)
            return null;
        var claim = library.Decoding();
        var hasBlocks = plan.Model.CanvasBlock > 0;
        var block = hasBlocks ? plan.Model.CanvasBlock : (int)claim.Block.Value;
        double tokens = hasBlocks ? plan.Model.TokensPerStep : claim.TokensPerStep;
        var service = new ServiceShape(input, output) { Users = 1 };
        var passes = CanvasLatency.StepsPerToken(block, tokens, service);
        var positions = CanvasLatency.PositionsPerToken(block, tokens, service);
        // The sizes of the plan with blocks: one user's keys and values of every layer are kept.
        var inBlocks = EvaluationInput.Of(plan with { Model = plan.Model with { CanvasBlock = block, TokensPerStep = tokens } });
        var technology = library.Technology(plan.Fabric.Technology);
        BlockDecodingRow Chip(EvaluationInput chip)
        {
            var f = ChipEvaluation.Evaluate(chip, technology, prices, service);
            var (p, n) = chip.Causal ? (1, 1) : (passes, positions);
            return new(plan.Fabric.Name, !chip.Causal, f.TokensPerSecondUser, p, n, f.Watts.Value, f.JoulesPerToken.Value);
        }

        return new BlockDecoding
        {
            Claim = claim,
            Block = block,
            TokensPerStep = tokens,
            PositionsPerRead = plan.Fabric.Bank.PositionsPerRead,
            Mm2 = plan.Fabric.Dies * ChipEvaluation.Evaluate(inBlocks, technology, prices, service).DieMm2.Value,
            Rows =
            [
                Chip(inBlocks with { Causal = true }),
                Chip(inBlocks),
                .. gpus.SelectMany(name => Gpu(library.Gpus, plan.Model, name, service, (passes, positions))),
            ],
        };
    }

    private static IEnumerable<BlockDecodingRow> Gpu(
        GpuLibrary gpus,
        ModelShape model,
        string name,
        ServiceShape service,
        (double Passes, double Positions) perToken
    )
    {
        var (card, engine, terms, _) = GpuViews.Parse(gpus, name, service.InputTokens, service.OutputTokens);
        var machine = new GpuMachine(GpuSpeeds.Of(card), engine, gpus.Calibration.Values().For(engine), model, terms);
        var cards = terms.TensorParallel * terms.LayerSplit;
        BlockDecodingRow Row(bool inBlocks, GpuStep step, double passes, double positions)
        {
            var watts = cards * machine.Watts(step);
            var seconds = passes * step.Total;
            return new(card.Name, inBlocks, 1 / seconds, passes, positions, watts, watts * seconds);
        }

        yield return Row(false, machine.DecodeStep(), 1, 1);
        var block = perToken.Positions / perToken.Passes;
        yield return Row(true, machine.BlockStep(1, block, terms.MeanContext), perToken.Passes, perToken.Positions);
    }
}
