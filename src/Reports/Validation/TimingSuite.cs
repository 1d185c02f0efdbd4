using System.Globalization;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Reports.Validation;

/// <summary>The closed form that sweeps use against the event engine, in which banks, links, ports and lanes are contended.</summary>
public static class TimingSuite
{
    private const double GatePct = 2;

    private const int AnswerTokens = 7;

    private static readonly (string Model, string Fabric)[] Chips =
    [
        ("llama-3.1-8b", "hc1"),
        ("llama-3.2-1b", "hc1"),
        ("qwen3-4b", "hc1"),
        ("gemma-3-1b", "hc1"),
    ];

    /// <summary>Plays a small matrix of models, contexts and users.</summary>
    public static ValidationReport Run(DesignLibrary library, CancellationToken cancel = default)
    {
        var rows = new List<ValidationRow>();
        foreach (var (model, name) in Chips)
        {
            var fabric = library.Fabric(name);
            var schedule = BuildTokenSchedule.From(DesignLibrary.Plan(library.Shape(model), fabric, fabric.DefaultWeights));
            foreach (var context in new[] { 64, 2000 })
            {
                var (token, interval) = (
                    ClosedFormLatency.TokenCycles(schedule, context),
                    ClosedFormLatency.IntervalCycles(schedule, context)
                );
                // A few, a third of what fills the chip, just as many, and more.
                foreach (
                    var users in new[]
                    {
                        1,
                        Math.Max(2, (int)(0.3 * token / interval)),
                        (int)Math.Ceiling(token / interval),
                        (int)Math.Ceiling(1.5 * token / interval),
                    }
                )
                {
                    cancel.ThrowIfCancellationRequested();
                    rows.Add(
                        Row(
                            $"{model} on {name}, {users} users at {context} tokens",
                            "decoding",
                            GatePct,
                            EngineCycles(schedule, users, context),
                            ClosedCycles(schedule, users, context)
                        )
                    );
                }
            }

            foreach (var prompt in new[] { 1, 64, 1000 })
            {
                cancel.ThrowIfCancellationRequested();
                var engine = new EventEngine(schedule, Workload.Users(1, new Request(0, prompt, 1)))
                    .Run(cancel)
                    .Requests[0]
                    .TimeToFirstTokenCycles;
                rows.Add(
                    Row(
                        $"{model} on {name}, prompt of {prompt} tokens",
                        "reading a prompt",
                        GatePct,
                        engine,
                        ClosedFormLatency.PassCycles(schedule, prompt)
                    )
                );
            }
        }

        return ValidationReport.Of([.. rows.OrderBy(r => r.Group, StringComparer.Ordinal)]);
    }

    // Cycles per token of all users together while every user decodes, from the third answer on: those attend to this mean number of
    // positions.
    private static double EngineCycles(TokenSchedule schedule, int users, int context)
    {
        var result = new EventEngine(schedule, Workload.Users(users, new Request(0, 1, AnswerTokens, Start(context)))).Run();
        var all = Enumerable.Range(0, users).Select(u => result.TokenCycles(u).ToArray()).ToArray();
        var (from, to) = (all.Max(t => t[1]), all.Min(t => t[^1]));
        return (to - from) / (double)all.Sum(t => t.Count(c => c > from && c <= to));
    }

    private static double ClosedCycles(TokenSchedule schedule, int users, int context) =>
        Enumerable.Range(2, AnswerTokens - 2).Average(answer => ClosedFormLatency.RoundCycles(schedule, users, Start(context) + 1 + answer))
        / users;

    private static int Start(int context) => context - 1 - ((AnswerTokens + 1) / 2);

    private static ValidationRow Row(string id, string group, double gate, double engine, double closed) =>
        new()
        {
            Suite = "timing",
            Id = string.Create(CultureInfo.InvariantCulture, $"{id}"),
            Group = group,
            Role = "validation",
            Unit = "cycles",
            Measured = engine,
            MeasuredLow = engine,
            MeasuredHigh = engine,
            Predicted = closed,
            Low = closed,
            High = closed,
            ErrorPct = ValidationRow.Error(closed, engine, engine),
            GatePct = gate,
        };
}
