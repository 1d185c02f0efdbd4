using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
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
    public static int MostUsers(EvaluationInput chip, ServiceShape service)
    {
        return (int)Math.Min(chip.Fabric.Card.UserSlots, chip.UsersHeld(service.InputTokens + service.OutputTokens));
    }

    private static ComparedSystem Chip(DesignLibrary library, ChipPlan plan, int input, int output, int users)
    {
        var chip = EvaluationInput.Of(plan);
        var most = MostUsers(chip, new ServiceShape(input, output));
        var name = $"{plan.Fabric.Name} chip";
        var detail =
            $"{plan.Model.Name} in {string.Join(" + ", plan.Matrices.GroupBy(p => p.Format).OrderByDescending(g => g.Sum(p => p.Weights)).Select(g => g.Key).Take(3))}";
        if (most < 1)
            return new ComparedSystem
            {
                Name = name,
                Detail = detail,
                OneUser = null,
                FullBatch = null,
                Unavailable =
                    $"keys and values of one user at {input} + {output} tokens do not fit the {plan.KvBytes / 1e6:0.#} MB of KV memory",
            };
        ServicePoint Point(int count)
        {
            var study = new ChipUncertainty(
                chip,
                library.Technology(plan.Fabric.Technology),
                library.Prices(),
                new ServiceShape(input, output, count),
                library.Anchor(plan.Fabric.Technology)
            ).Run(Draws, withTornado: false);
            UncertaintyRange Of(string field) => study.First(f => f.Field.Name == field).Interval;
            return new ServicePoint
            {
                Users = count,
                TokensPerSecondUser = Of("tokens_per_second_user"),
                TokensPerSecondTotal = Of("tokens_per_second_total"),
                Watts = Of("watts"),
                JoulesPerToken = Of("joules_per_token"),
                UsdPerMillionTokens = Of("usd_per_million_tokens"),
                PromptTokensPerSecond = Of("prompt_tokens_per_second"),
                JoulesPerPromptToken = Of("joules_per_prompt_token"),
                UsdPerMillionPromptTokens = Of("usd_per_million_prompt_tokens"),
                TimeToFirstTokenSeconds = Of("time_to_first_token_seconds"),
                Limit =
                    count == 1 ? "latency of one token" : $"{count} of {plan.Fabric.Card.UserSlots} slots, {most} users of keys and values",
            };
        }

        return new ComparedSystem
        {
            Name = name,
            Detail = detail,
            OneUser = Point(1),
            FullBatch = Point(users > 0 ? Math.Min(users, most) : most),
            Unavailable = users > most ? $"{users} users do not fit; {most} are shown" : "",
        };
    }

    private static ComparedSystem Gpu(DesignLibrary library, ModelShape model, string name, int input, int output, int users)
    {
        var parts = name.Split(':');
        var card = library.Gpus.Card(parts[0]);
        var engine = library.Gpus.Engine(parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "tensorrt-llm");
        var format =
            parts.Length > 2 ? parts[2]
            : card.Fp8Tflops is null ? "bf16"
            : "fp8";
        var service = new GpuService
        {
            WeightFormat = format,
            KvFormat = format == "fp8" ? "fp8" : "bf16",
            InputTokens = input,
            OutputTokens = output,
        };
        var detail = $"{engine.Name}, {format} weights, 1 card";
        if (!model.Causal)
            return new ComparedSystem
            {
                Name = card.Name,
                Detail = detail,
                OneUser = null,
                FullBatch = null,
                Unavailable = $"the model of GPUs decodes token by token, {model.Name} computes a canvas",
            };
        try
        {
            var calibration = library.Gpus.Calibration;
            var one = GpuReference.Evaluate(card, engine, model, service, calibration);
            var full = GpuReference.Saturated(card, engine, model, service, calibration);
            if (users > 0 && users < full.Batch)
                full = GpuReference.Evaluate(card, engine, model, service with { Batch = users }, calibration);
            return new ComparedSystem
            {
                Name = card.Name,
                Detail = detail,
                OneUser = Point(one),
                FullBatch = Point(full),
                PublishedBars = PublishedBar.Of(library.Gpus, library.ReferenceBars, card, model, input, output),
            };
        }
        catch (InputException e)
        {
            return new ComparedSystem
            {
                Name = card.Name,
                Detail = detail,
                OneUser = null,
                FullBatch = null,
                Unavailable = e.Message,
            };
        }
    }

    private static ServicePoint Point(GpuView view) =>
        new()
        {
            Users = view.Batch,
            TokensPerSecondUser = view.TokensPerSecondUser,
            TokensPerSecondTotal = view.TokensPerSecondTotal,
            Watts = view.Watts,
            JoulesPerToken = view.JoulesPerToken,
            UsdPerMillionTokens = view.UsdPerMillionTokens,
            TimeToFirstTokenSeconds = view.TimeToFirstToken,
            Limit = view.BindingLimit,
        };
}
