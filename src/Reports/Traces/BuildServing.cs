using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Reports.Traces;

/// <summary>Makes servers of chips and GPUs: their times, energies and prices at the mean lengths of a trace.</summary>
internal static class BuildServing
{
    private const double UsualWait = 0.5;

    /// <summary>A chip.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="prompt">Mean prompt, tokens.</param>
    /// <param name="answer">Mean answer, tokens.</param>
    /// <exception cref="InputException">It holds no user at these lengths, or its model does not decode token by token.</exception>
    public static ChipServer Chip(DesignLibrary library, ChipPlan plan, PriceBook prices, double prompt, double answer)
    {
        var chip = EvaluationInput.Of(plan);
        if (!chip.Causal)
            throw new InputException($"{plan.Model.Name} computes a canvas; traces are of models that decode token by token");
        var mean = new ServiceShape((int)Math.Round(prompt), (int)Math.Round(answer));
        var users = BuildComparison.MostUsers(chip, mean);
        if (users < 1)
            throw new InputException(BuildComparison.NoUserFits(plan, mean));
        var technology = library.Technology(plan.Fabric.Technology);
        var full = mean with { Users = users };
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, full);
        var study = new ChipUncertainty(chip, technology, prices, full, library.Anchor(plan.Fabric.Technology));
        var intervals = study.Intervals(
            [
                d => d.Figures().TokensPerSecondTotal,
                d => d.Figures().Watts.Value,
                d => HourlyUsd(d),
                d => d.Prices.ElectricityUsdPerKwh * d.Prices.Pue,
            ],
            BuildComparison.Draws
        );
        var (rate, idle) = (intervals[0], figures.IdleWatts.Value);
        var promptWatts = figures.JoulesPerPromptToken.Value * figures.PromptTokensPerSecond;
        double Clock(int count) => ChipEvaluation.Evaluate(chip, technology, prices, mean with { Users = count }).ClockFraction;
        return new ChipServer
        {
            Name = $"{plan.Fabric.Name} chip",
            Timing = new ChipTiming(chip, technology.Calibration.Latency, Clock, plan.Model.ContextLength),
            Slots = plan.Fabric.Card.UserSlots,
            KvCapacity = Math.Max(0, plan.Fabric.KvCapacityBytes - chip.AdapterBytes),
            KvBytes = chip.KvBytes,
            TimeRatio = (rate.Value / rate.High, rate.Value / rate.Low),
            PromptJoules = figures.PromptTokensPerSecond > 0 ? Math.Max(0, promptWatts - idle) / figures.PromptTokensPerSecond : 0,
            AnswerJoules = Math.Max(0, figures.Watts.Value - idle) / figures.TokensPerSecondTotal,
            Parts =
            [
                new ServingPart(
                    $"{plan.Fabric.Name} chip",
                    idle,
                    Ratio(intervals[1]),
                    intervals[2],
                    intervals[3],
                    plan.Fabric.Cards * prices.Card.ServerShareWatts
                ),
            ],
            Basis =
            [
                $"times: closed form of the chip's timetable, as compare has it; {plan.Fabric.Card.UserSlots} user slots, keys and values "
                    + $"of {users} users at the mean lengths",
                "energy: idle power, and what every token adds at full load; "
                    + $"money: write-off and hosting by the hour, electricity by the joule, prices of {prices.Date}",
            ],
        };
    }

    private static UncertaintyRange Ratio(UncertaintyRange figure) => figure * (1 / figure.Value);

    // Of a card that is there whether it works or not.
    private static double HourlyUsd(DesignDraw draw)
    {
        var figures = draw.Figures();
        var perMillion = figures.WriteOffUsdPerMillionTokens.Value + figures.HostingUsdPerMillionTokens.Value;
        return perMillion * figures.TokensPerSecondTotal * 3600 * draw.Prices.Service.Utilisation / 1e6;
    }

    /// <summary>A GPU with its engine.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="model">The model.</param>
    /// <param name="name"><c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>.</param>
    /// <param name="prompt">Mean prompt, tokens.</param>
    /// <param name="answer">Mean answer, tokens.</param>
    /// <exception cref="InputException">No such card, or it cannot serve the model.</exception>
    public static GpuServer Gpu(DesignLibrary library, ModelShape model, string name, double prompt, double answer)
    {
        var (input, output) = ((int)Math.Round(prompt), (int)Math.Round(answer));
        var (card, engine, service, detail) = GpuViews.Parse(library.Gpus, name, input, output);
        var views = GpuViews.Of(library.Gpus, model, name, input, output);
        if (views.OneUser is not { } one || views.FullBatch is not { } full)
            throw new InputException(views.Unavailable);
        if (!engine.InFlightBatching)
            throw new InputException($"{engine.Name} serves batches as a whole; name an engine whose prompts join running batches");
        var factors = library.Gpus.Calibration.Values().For(engine);
        var cards = service.TensorParallel * service.LayerSplit;
        var (user, total) = (Ratio(one.TokensPerSecondUser), Ratio(full.TokensPerSecondTotal));
        var first = Ratio(one.TimeToFirstTokenSeconds);
        var rent = card.RentUsdPerHour;
        return new GpuServer
        {
            Name = GpuName(card, name, detail),
            Machine = new GpuMachine(GpuSpeeds.Of(card), engine, factors, model, service),
            Cards = cards,
            MostSequences = engine.MaximumBatch,
            StepTokens = engine.StepTokens,
            ReservesWholeContext = engine.ReservesWholeContext,
            PrefillSeconds = 1e-3 * factors.PrefillMs,
            FirstTokenSeconds = 1e-3 * factors.FirstTokenMs,
            WaitSteps = Math.Max(0, factors.WaitSteps - UsualWait),
            BusyShare = factors.Busy,
            PromptRatio = (first.Low, first.High),
            StepRatio = (1 / Math.Max(user.High, total.High), 1 / Math.Min(user.Low, total.Low)),
            Parts =
            [
                new ServingPart(
                    card.Name,
                    cards * card.IdleW,
                    Ratio(full.Watts),
                    new UncertaintyRange(rent.Value, rent.Low, rent.High) * cards,
                    UncertaintyRange.Exact(0),
                    0
                ),
            ],
            Basis =
            [
                $"times: steps of {detail}, as compare has them (docs/gpu-model.md), at most {engine.StepTokens} tokens in a step",
                $"energy: power of every step, idle power between them; money: rent of "
                    + $"{NumberText.Range(new UncertaintyRange(rent.Value, rent.Low, rent.High))} USD an hour and card ({rent.Source})",
            ],
        };
    }

    /// <summary>Name of a GPU: what was asked for beyond the card goes with it, so that two engines of one card differ.</summary>
    public static string GpuName(GpuCard card, string name, string detail) =>
        name.Contains(':', StringComparison.Ordinal) ? $"{card.Name} ({detail})" : card.Name;

    /// <summary>A GPU for prompts with a chip for answers.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">Plan of the chip.</param>
    /// <param name="gpu">GPU.</param>
    /// <param name="chip">Chip.</param>
    public static PairServer Pair(DesignLibrary library, ChipPlan plan, GpuServer gpu, ChipServer chip)
    {
        var card = plan.Fabric.Card;
        var link = new LatencyModel(card, library.HostLink("pcie"), LatencyMode.Typical);
        return new PairServer(gpu, chip, bytes => 1e-9 * link.DmaReadNs((long)Math.Ceiling(bytes)))
        {
            Basis =
            [
                "the GPU reads prompts and gives the first token, the chip the others; the slots of the chip are taken once keys and "
                    + "values have come",
                $"link: PCI Express generation {card.PcieGeneration} with {card.PcieLanes} lanes, "
                    + $"{NumberText.Significant(link.GigabytesPerSecond)} GB/s, one prompt after another; "
                    + $"{NumberText.Significant(chip.KvBytes(1) / 1e3)} kB a token",
                "not known: what keys and values of the GPU's weights do to answers of the chip's weights",
            ],
        };
    }
}
