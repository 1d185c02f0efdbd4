using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Evaluates a chip and reference GPUs under one service.</summary>
public static class BuildComparison
{
    /// <summary>Draws of the Monte Carlo behind the chip's intervals.</summary>
    public const int Draws = 400;

    /// <summary>Compares a chip with GPUs.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="gpus">Names of cards, e.g. <c>h200</c>, or <c>card:engine:weights</c>.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <param name="users">Users at full batch; 0 takes as many as each system holds.</param>
    /// <param name="utilisation">Share of the time under load at which chip and GPUs are priced; 0 takes the price list's.</param>
    /// <exception cref="InputException">Lengths, users or utilisation are out of range.</exception>
    public static ComparisonReport From(
        DesignLibrary library,
        ChipPlan plan,
        IReadOnlyList<string> gpus,
        int input,
        int output,
        int users,
        double utilisation = 0
    )
    {
        return From(
            library,
            plan,
            EvaluationInput.Of(plan),
            PriceTerms.ForComparison(library, utilisation),
            gpus,
            new ServiceShape(input, output),
            users,
            Draws
        );
    }

    /// <summary>Compares a chip whose phases are counted with GPUs.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="chip">Its phases.</param>
    /// <param name="prices">Prices of <see cref="PriceTerms.ForComparison"/>.</param>
    /// <param name="gpus">Names of cards.</param>
    /// <param name="service">Lengths of a request.</param>
    /// <param name="users">Users at full batch; 0 takes as many as each system holds.</param>
    /// <param name="draws">Draws behind the chip's intervals; 0 for best estimates without intervals.</param>
    /// <exception cref="InputException">Lengths or users are out of range.</exception>
    public static ComparisonReport From(
        DesignLibrary library,
        ChipPlan plan,
        EvaluationInput chip,
        PriceBook prices,
        IReadOnlyList<string> gpus,
        ServiceShape service,
        int users,
        int draws
    )
    {
        if (users < 0)
            throw new InputException($"--users {users}: users are at least 0");
        var (input, output) = (service.InputTokens, service.OutputTokens);
        RequestLengths.Check(plan.Model, input, output);
        var technology = library.Technology(plan.Fabric.Technology);
        var system = Chip(library, plan, chip, prices, service, users, draws);
        var report = new ComparisonReport
        {
            Utilisation = prices.Service.Utilisation,
            Speed = SpeedTerms.Of(chip, technology, service),
            Assumptions = ModelAssumptions.Of(library, plan, system.FullBatch?.Users ?? 1),
            Model = plan.Model.Name,
            InputTokens = input,
            OutputTokens = output,
            Chip = system,
            Decoding = plan.Model is { Causal: true, Patches: null }
                ? DecodingOnChip.Of(library.Decoding(), chip, service, technology.Calibration.Latency)
                : null,
            Blocks = BlockDecoding.Of(library, plan, gpus, input, output, prices),
            Gpus = [.. gpus.Select(name => Gpu(library, plan.Model, name, (input, output, users), prices.Service.Utilisation))],
        };
        return report with { Forecasts = ForecastComparison.Of(library, plan, report) };
    }

    /// <summary>Users that a chip serves at once: slots, and keys and values that fit.</summary>
    public static int MostUsers(EvaluationInput chip, ServiceShape service) =>
        (int)Math.Min(chip.Fabric.Card.UserSlots, chip.UsersHeld(service.InputTokens + service.OutputTokens));

    /// <summary>Why a chip that holds no user of a service serves none, in words.</summary>
    internal static string NoUserFits(ChipPlan plan, ServiceShape service) =>
        $"keys and values of one user at {service.InputTokens} + {service.OutputTokens} tokens do not fit the "
        + $"{plan.KvBytes / 1e6:0.#} MB of KV memory";

    private static ComparedSystem Chip(
        DesignLibrary library,
        ChipPlan plan,
        EvaluationInput chip,
        PriceBook prices,
        ServiceShape one,
        int users,
        int draws
    )
    {
        var most = MostUsers(chip, one);
        var formats = plan.Matrices.GroupBy(p => p.Format).OrderByDescending(g => g.Sum(p => p.Weights)).Select(g => g.Key).Take(3);
        var system = new ComparedSystem
        {
            Name = $"{plan.Fabric.Name} chip",
            Detail = $"{plan.Model.Name} in {string.Join(" + ", formats)}",
            OneUser = null,
            FullBatch = null,
            Cards = plan.Fabric.Cards,
        };
        if (most < 1)
            return system with { Unavailable = NoUserFits(plan, one) };
        var slots = plan.Fabric.Card.UserSlots;
        var full = users > 0 ? Math.Min(users, most) : most;
        // Draws of the constants do not depend on the service.
        var technology = library.Technology(plan.Fabric.Technology);
        var constants = new ConstantDraws(chip.Fabric, technology, prices, library.Anchor(plan.Fabric.Technology));
        var points = new[] { 1, full }
            .Distinct()
            .ToDictionary(
                count => count,
                count => Figures(new ChipUncertainty(chip, technology, prices, one with { Users = count }, constants), draws)
            );
        ServicePoint Point(int count) =>
            new()
            {
                Users = count,
                Figures = ServicePoint.Recorded.ToDictionary(f => f, f => points[count].Range(f)),
                Calibrated = ServicePoint.Recorded.Where(points[count].IsCalibrated).ToHashSet(),
                Limit = count == 1 ? "latency of one token" : $"{count} of {slots} slots, {most} users of keys and values",
            };
        return system with
        {
            OneUser = Point(1),
            FullBatch = Point(full),
            SiliconMm2 = points[full].Range(FigureCatalog.DieMm2) * plan.Fabric.Dies,
            Unavailable = users > most ? $"{users} users do not fit; {most} are shown" : "",
        };
    }

    // Every figure of a service point, drawn or as best estimate, and which of them the model was fitted on.
    private static (Func<FigureDefinition, UncertaintyRange> Range, Func<FigureDefinition, bool> IsCalibrated) Figures(
        ChipUncertainty study,
        int draws
    )
    {
        if (draws > 0)
        {
            var drawn = study.Run(draws, withTornado: false);
            return (f => drawn[f].Interval, f => drawn[f].Basis == FigureBasis.Calibrated);
        }

        var best = study.BestEstimate().Figures();
        return (f => UncertaintyRange.Exact(f.Read(best)), f => study.BasisOf(f) == FigureBasis.Calibrated);
    }

    private static ComparedSystem Gpu(
        DesignLibrary library,
        ModelShape model,
        string name,
        (int Input, int Output, int Users) service,
        double utilisation
    )
    {
        var (input, output, users) = service;
        var views = GpuViews.Of(library.Gpus, model, name, input, output, users);
        return new ComparedSystem
        {
            Name = views.Card.Name,
            Detail = views.Detail,
            OneUser = views.OneUser is { } one ? Point(one, utilisation) : null,
            FullBatch = views.FullBatch is { } full ? Point(full, utilisation) : null,
            Cards = views.Cards,
            PublishedBars = views.OneUser is null
                ? []
                : PublishedBar.Of(library.Gpus, library.ReferenceBars, views.Card, model, input, output),
            Unavailable = views.Unavailable,
        };
    }

    // A rented card is paid for by the hour, loaded or not.
    private static ServicePoint Point(GpuView view, double utilisation) =>
        new()
        {
            Users = view.Batch,
            Figures = new Dictionary<FigureDefinition, UncertaintyRange>
            {
                [FigureCatalog.TokensPerSecondUser] = view.TokensPerSecondUser,
                [FigureCatalog.TokensPerSecondTotal] = view.TokensPerSecondTotal,
                [FigureCatalog.Watts] = view.Watts,
                [FigureCatalog.JoulesPerToken] = view.JoulesPerToken,
                [FigureCatalog.UsdPerMillionTokens] = view.UsdPerMillionTokens * (1 / utilisation),
                [FigureCatalog.TimeToFirstTokenUs] = view.TimeToFirstTokenSeconds * 1e6,
            },
            Limit = view.BindingLimit,
        };
}
