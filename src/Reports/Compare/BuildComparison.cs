using TaalasSim.ChipModel.Chip;
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
    public static ComparisonReport From(DesignLibrary library, ChipPlan plan, IReadOnlyList<string> gpus, int input, int output, int users)
    {
        if (input < 1 || output < 1 || users < 0)
            throw new InputException($"--input {input} --output {output} --users {users}: lengths are at least 1 and users at least 0");
        return new ComparisonReport
        {
            Model = plan.Model.Name,
            InputTokens = input,
            OutputTokens = output,
            Chip = Chip(library, plan, input, output, users),
            Decoding = plan.Model.Causal
                ? DecodingOnChip.Of(
                    library.Decoding(),
                    EvaluationInput.Of(plan),
                    new ServiceShape(input, output),
                    library.Technology(plan.Fabric.Technology).Calibration.Latency
                )
                : null,
            Gpus = [.. gpus.Select(name => Gpu(library, plan.Model, name, input, output, users))],
        };
    }

    /// <summary>Users that a chip serves at once: slots, and keys and values that fit.</summary>
    public static int MostUsers(EvaluationInput chip, ServiceShape service) =>
        (int)Math.Min(chip.Fabric.Card.UserSlots, chip.UsersHeld(service.InputTokens + service.OutputTokens));

    private static ComparedSystem Chip(DesignLibrary library, ChipPlan plan, int input, int output, int users)
    {
        var chip = EvaluationInput.Of(plan);
        var most = MostUsers(chip, new ServiceShape(input, output));
        var formats = plan.Matrices.GroupBy(p => p.Format).OrderByDescending(g => g.Sum(p => p.Weights)).Select(g => g.Key).Take(3);
        var system = new ComparedSystem
        {
            Name = $"{plan.Fabric.Name} chip",
            Detail = $"{plan.Model.Name} in {string.Join(" + ", formats)}",
            OneUser = null,
            FullBatch = null,
        };
        if (most < 1)
            return system with
            {
                Unavailable =
                    $"keys and values of one user at {input} + {output} tokens do not fit the {plan.KvBytes / 1e6:0.#} MB of KV memory",
            };
        var slots = plan.Fabric.Card.UserSlots;
        ServicePoint Point(int count) =>
            new()
            {
                Users = count,
                Figures = Figures(library, plan, chip, new ServiceShape(input, output, count)),
                Limit = count == 1 ? "latency of one token" : $"{count} of {slots} slots, {most} users of keys and values",
            };
        return system with
        {
            OneUser = Point(1),
            FullBatch = Point(users > 0 ? Math.Min(users, most) : most),
            Unavailable = users > most ? $"{users} users do not fit; {most} are shown" : "",
        };
    }

    private static Dictionary<FigureDefinition, UncertaintyRange> Figures(
        DesignLibrary library,
        ChipPlan plan,
        EvaluationInput chip,
        ServiceShape service
    )
    {
        var technology = plan.Fabric.Technology;
        var study = new ChipUncertainty(chip, library.Technology(technology), library.Prices(), service, library.Anchor(technology));
        var figures = study.Run(Draws, withTornado: false);
        return ServicePoint.Recorded.ToDictionary(f => f, f => figures[f].Interval);
    }

    private static ComparedSystem Gpu(DesignLibrary library, ModelShape model, string name, int input, int output, int users)
    {
        var views = GpuViews.Of(library.Gpus, model, name, input, output, users);
        return new ComparedSystem
        {
            Name = views.Card.Name,
            Detail = views.Detail,
            OneUser = views.OneUser is { } one ? Point(one) : null,
            FullBatch = views.FullBatch is { } full ? Point(full) : null,
            PublishedBars = views.OneUser is null
                ? []
                : PublishedBar.Of(library.Gpus, library.ReferenceBars, views.Card, model, input, output),
            Unavailable = views.Unavailable,
        };
    }

    private static ServicePoint Point(GpuView view) =>
        new()
        {
            Users = view.Batch,
            Figures = new Dictionary<FigureDefinition, UncertaintyRange>
            {
                [FigureCatalog.TokensPerSecondUser] = view.TokensPerSecondUser,
                [FigureCatalog.TokensPerSecondTotal] = view.TokensPerSecondTotal,
                [FigureCatalog.Watts] = view.Watts,
                [FigureCatalog.JoulesPerToken] = view.JoulesPerToken,
                [FigureCatalog.UsdPerMillionTokens] = view.UsdPerMillionTokens,
                [FigureCatalog.TimeToFirstTokenSeconds] = view.TimeToFirstTokenSeconds,
            },
            Limit = view.BindingLimit,
        };
}
