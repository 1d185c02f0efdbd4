using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Advice;

/// <summary>Ranks a hard-wired chip, GPUs and computers, and dated prices of APIs for a stated traffic.</summary>
public static class BuildAdvice
{
    /// <summary>Most dies that a chip is cut into.</summary>
    public const int MostDies = 64;

    private const double SecondsOfMonth = 3600 * ChipCost.HoursPerYear / 12;

    private static readonly int[] CardNumbers = [1, 2, 4, 8];

    /// <summary>Answers a question.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="shape">Model; its weights are not needed.</param>
    /// <param name="question">Question.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="progress">Share of the systems that are done.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InputException">A number is out of range, or a GPU or fabric is not known.</exception>
    public static AdviceReport Of(
        DesignLibrary library,
        ModelShape shape,
        AdviceQuestion question,
        PriceBook prices,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        var trace = GenerateTrace.Of(question.Traffic);
        foreach (var gpu in question.Gpus)
            _ = GpuViews.Parse(library.Gpus, gpu, 1, 1);
        var described = library.Fabric(question.Fabric);
        if (question.Quality is { } table)
            _ = new SweepQuality(table, shape.Name, described, question.Weights ?? described.DefaultWeights);
        Func<AdviceRow>[] makers =
        [
            () => Chip(library, shape, question, prices, trace, cancel),
            .. question.Gpus.Select<string, Func<AdviceRow>>(gpu => () => Gpu(library, shape, question, gpu, trace, cancel)),
        ];
        var rows = new AdviceRow[makers.Length];
        var done = 0;
        Parallel.For(0, makers.Length, new ParallelOptions { MaxDegreeOfParallelism = question.Threads, CancellationToken = cancel }, i =>
        {
            rows[i] = makers[i]();
            progress?.Report((double)Interlocked.Increment(ref done) / makers.Length);
        });
        AdviceRow[] ranked =
        [
            .. rows.Concat(prices.Alternatives.Where(a => a.Kind == "api").Select(a => Api(library, shape, question, prices, a)))
                .OrderBy(r =>
                    r.Unavailable.Length > 0 ? 2
                    : r.Broken.Count > 0 ? 1
                    : 0
                )
                .ThenBy(r => Key(r, question.Rank))
                .ThenBy(r => r.System, StringComparer.Ordinal),
        ];
        return new AdviceReport
        {
            Model = shape.Name,
            Traffic = trace.Source,
            PricesDate = prices.Date,
            Rows = ranked,
            Verdict = Verdict(ranked, question.Rank),
        };
    }

    // What is not known ranks last.
    private static double Key(AdviceRow row, AdviceRank rank) =>
        rank switch
        {
            AdviceRank.Ttft => row.Figures?.TimeToFirstTokenSeconds.P99.Value,
            AdviceRank.Tpot => row.Figures?.TimePerOutputTokenSeconds.P99.Value,
            AdviceRank.Watts => row.Figures?.Watts.Value,
            _ => row.UsdPerMonth?.Value,
        } ?? double.PositiveInfinity;

    private static AdviceRow Chip(
        DesignLibrary library,
        ModelShape shape,
        AdviceQuestion question,
        PriceBook prices,
        RequestTrace trace,
        CancellationToken cancel
    )
    {
        var row = new AdviceRow
        {
            System = $"{question.Fabric} chip",
            Detail = "",
            Quality = "not measured (./taalas curve)",
        };
        try
        {
            var (plan, weights) = Fewest(library, shape, question, trace, cancel);
            var system = BuildServing.Chip(library, plan, prices, trace.MeanPrompt, trace.MeanAnswer);
            var (replicas, figures) = SizeService.Of(system, trace, question.Limits, cancel);
            var dies = plan.Fabric.Dies;
            return Served(
                row with
                {
                    System = $"{plan.Fabric.Name} chip",
                    Detail =
                        $"{weights}, {(dies == 1 ? "1 die" : $"{dies} dies on {plan.Fabric.Cards} cards")}, cards of a run of "
                        + NumberText.Significant(prices.Service.CardsPerModel),
                    Quality = QualityOf(question, shape, plan, weights) ?? row.Quality,
                },
                replicas,
                figures,
                question,
                trace
            );
        }
        catch (InputException e)
        {
            return row with { Unavailable = e.Message };
        }
    }

    // As few dies as hold the model and the longest request.
    private static (ChipPlan Plan, string Weights) Fewest(
        DesignLibrary library,
        ModelShape shape,
        AdviceQuestion question,
        RequestTrace trace,
        CancellationToken cancel
    )
    {
        var described = library.Fabric(question.Fabric);
        var weights = question.Weights ?? described.DefaultWeights;
        var last = trace.Requests.MaxBy(r => r.PromptTokens + (long)r.AnswerTokens);
        var longest = new ServiceShape(last.PromptTokens, last.AnswerTokens);
        var plans = new Dictionary<int, ChipPlan>();
        var fault = new InputException("");
        var most = Math.Max(described.Dies, Math.Min(MostDies, shape.Layers));
        var dies = SizeService.Fewest(Math.Clamp(Least(shape, described, weights), described.Dies, most), most, Holds);
        return dies is { } fewest ? (plans[fewest], weights) : throw fault;

        bool Holds(int count)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var fabric = count == described.Dies ? described : library.Fabric(question.Fabric, Dies(count));
                plans[count] = DesignLibrary.Plan(shape, fabric, weights);
                return BuildComparison.MostUsers(EvaluationInput.Of(plans[count]), longest) > 0
                    ? true
                    : throw new InputException(
                        $"keys and values of a request of {longest.InputTokens} + {longest.OutputTokens} tokens do not fit "
                            + $"{plans[count].KvBytes / 1e6:0.#} MB of KV memory"
                    );
            }
            catch (InputException e)
            {
                fault = e;
                return false;
            }
        }
    }

    // Dies whose banks hold as many codes as the model has weights, to begin with.
    private static int Least(ModelShape shape, FabricSpec fabric, string weights)
    {
        using var source = SourceModel.Of(shape, new CompileOptions { Fabric = fabric, Weights = weights });
        var codes = MatrixList.Matrices(source.Graph).Sum(m => (double)m.Inputs * m.Outputs);
        var held = (double)fabric.Sites.Rows * fabric.Sites.Columns * fabric.Bank.Rows * fabric.Bank.Columns;
        return (int)Math.Min(MostDies, Math.Ceiling(codes / held));
    }

    private static Dictionary<string, string> Dies(int dies) =>
        new(StringComparer.Ordinal) { ["dies"] = dies.ToString(CultureInfo.InvariantCulture) };

    private static string? QualityOf(AdviceQuestion question, ModelShape shape, ChipPlan plan, string weights)
    {
        if (question.Quality is not { } table)
            return null;
        var measured = new SweepQuality(table, shape.Name, plan.Fabric, weights).With(new SweepFigures(), shape.Name, plan.Fabric, weights);
        return measured.KlDivergenceNats is { } nats
            ? $"KL {NumberText.Significant(nats)} nats, top-1 {NumberText.Significant(100 * measured.SameTopShare!.Value)} % (measured)"
            : null;
    }

    private static AdviceRow Gpu(
        DesignLibrary library,
        ModelShape shape,
        AdviceQuestion question,
        string name,
        RequestTrace trace,
        CancellationToken cancel
    )
    {
        var (card, _, service, detail) = GpuViews.Parse(library.Gpus, name, 1, 1);
        var row = new AdviceRow
        {
            System = card.Name,
            Detail = detail,
            Quality = service.WeightFormat is "bf16" or "fp16" ? "the model's own" : "not measured",
        };
        var parts = name.Split(':');
        var numbers = parts.Length == 4 ? [service.TensorParallel * service.LayerSplit] : CardNumbers;
        foreach (var cards in numbers)
        {
            try
            {
                var full = string.Join(':', [.. parts.Concat(["", ""]).Take(3), cards.ToString(CultureInfo.InvariantCulture)]);
                var system = BuildServing.Gpu(library, shape, full, trace.MeanPrompt, trace.MeanAnswer);
                var (replicas, figures) = SizeService.Of(system, trace, question.Limits, cancel);
                var of = row with { Detail = GpuViews.Parse(library.Gpus, full, 1, 1).Detail };
                return Served(of, replicas, figures, question, trace);
            }
            catch (InputException e)
            {
                row = row with { Unavailable = e.Message };
            }
        }

        return row;
    }

    private static AdviceRow Served(AdviceRow row, int replicas, TraceFigures figures, AdviceQuestion question, RequestTrace trace)
    {
        var perSecond = 1e-6 * trace.AnswerTokens / figures.DurationSeconds.Value;
        var usd = figures.UsdPerMillionTokens * (perSecond * SecondsOfMonth);
        return row with
        {
            Unavailable = "",
            Replicas = replicas,
            Figures = figures,
            UsdPerMonth = usd,
            Broken = question.Limits.Broken(figures, usd.Value),
        };
    }

    private static AdviceRow Api(DesignLibrary library, ModelShape shape, AdviceQuestion question, PriceBook prices, Alternative api)
    {
        var row = new AdviceRow
        {
            System = api.Name,
            Detail = $"price of {prices.Date}; times and power not known",
            Quality = "not known",
        };
        if (api.Model.Length == 0 || library.Shape(api.Model).Name != shape.Name)
            return row with { Unavailable = $"its price of {shape.Name} is not known" };
        var traffic = question.Traffic;
        var requests = traffic.RequestsPerSecond * SecondsOfMonth / 1e6;
        var usd = new UncertaintyRange(
            Of(api.InputUsd?.Value ?? 0, api.Usd.Value),
            Of(api.InputUsd?.Low ?? 0, api.Usd.Low),
            Of(api.InputUsd?.High ?? 0, api.Usd.High)
        );
        return row with
        {
            UsdPerMonth = usd,
            Broken =
                usd.Value > question.Limits.UsdPerMonth
                    ?
                    [
                        $"cost {NumberText.Significant(usd.Value)} USD a month, above "
                            + NumberText.Significant(question.Limits.UsdPerMonth),
                    ]
                    : [],
        };

        double Of(double prompt, double answer) => requests * ((traffic.MeanPrompt * prompt) + (traffic.MeanAnswer * answer));
    }

    private static List<string> Verdict(AdviceRow[] rows, AdviceRank rank)
    {
        var holding = rows.Where(r => r.Unavailable.Length == 0 && r.Broken.Count == 0).ToList();
        if (holding.Count == 0)
            return ["Nothing here serves the traffic within all limits."];
        var verdict = new List<string> { $"By {Word(rank)}: {holding[0].System}." };
        var dollars = holding.Where(r => r.UsdPerMonth is not null).MinBy(r => r.UsdPerMonth!.Value.Value);
        var soon = holding.Where(r => r.Figures is not null).MinBy(r => r.Figures!.TimeToFirstTokenSeconds.P99.Value);
        var fast = holding.Where(r => r.Figures is not null).MinBy(r => r.Figures!.TimePerOutputTokenSeconds.P99.Value);
        if (dollars is not null && rank != AdviceRank.Dollars)
            verdict.Add($"Cheapest: {dollars.System}, {NumberText.Range(dollars.UsdPerMonth!.Value)} USD a month.");
        if (soon is not null && rank != AdviceRank.Ttft)
            verdict.Add($"First token soonest: {soon.System}, p99 {NumberText.Range(soon.Figures!.TimeToFirstTokenSeconds.P99 * 1e3)} ms.");
        if (fast is not null && rank != AdviceRank.Tpot)
            verdict.Add(
                $"Fastest answers: {fast.System}, p99 {NumberText.Range(fast.Figures!.TimePerOutputTokenSeconds.P99 * 1e3)} ms a token."
            );
        return verdict;
    }

    private static string Word(AdviceRank rank) =>
        rank switch
        {
            AdviceRank.Ttft => "p99 of the time to the first token",
            AdviceRank.Tpot => "p99 of the time per token",
            AdviceRank.Watts => "power",
            _ => "cost",
        };
}
