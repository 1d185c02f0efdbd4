using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Engine;

/// <summary>The closed form for sweeps and the engine with contention say the same on every chip and service: docs/engine.md shows the
/// table.</summary>
[Category("Timing")]
public class AgreementTests
{
    private const double Tolerance = 0.02;

    private const int Tokens = 7;

    private static readonly (string Name, Func<TokenSchedule> Make)[] Chips =
    [
        ("hc1 llama-3.1-8b", () => Schedules.Chip("llama-3.1-8b", "hc1")),
        ("hc1 llama-3.2-1b", () => Schedules.Chip("llama-3.2-1b", "hc1")),
        ("hc1 qwen3-4b", () => Schedules.Chip("qwen3-4b", "hc1")),
        ("hc1 gemma-3-1b", () => Schedules.Chip("gemma-3-1b", "hc1")),
        ("hc1 phi-3-mini", () => Schedules.Chip("phi-3-mini", "hc1")),
        ("hc1 deepseek-v2-lite 3 dies", () => Schedules.Chip("deepseek-v2-lite", "hc1", null, ("dies", "3"))),
        ("hc1 gpt-oss-20b 3 dies", () => Schedules.Chip("gpt-oss-20b", "hc1", null, ("dies", "3"))),
        ("hc1 llama-3.1-70b 10 dies", () => Schedules.Chip("llama-3.1-70b", "hc1", null, ("dies", "10"))),
        ("hc1-n5 qwen3-8b", () => Schedules.Chip("qwen3-8b", "hc1-n5")),
        ("successor-20b mistral-small-24b", () => Schedules.Chip("mistral-small-24b", "successor-20b")),
        ("successor-20b gpt-oss-20b", () => Schedules.Chip("gpt-oss-20b", "successor-20b")),
        ("edge llama-3.2-1b", () => Schedules.Chip("llama-3.2-1b", "edge")),
        ("edge qwen2.5-0.5b", () => Schedules.Chip("qwen2.5-0.5b", "edge")),
        ("edge gemma-3-1b", () => Schedules.Chip("gemma-3-1b", "edge")),
        ("demo small", () => Small(m => m)),
        ("demo few lanes", () => Small(m => m, ("vector.lanes", "128"))),
        ("demo slow kv", () => Small(m => m, ("kv_sram.banks", "16"))),
        ("demo slow links", () => Small(m => m, ("network.link_bits", "64"), ("network.vector_links", "1"))),
        ("demo one cluster", () => Small(m => m, ("vector.clusters", "1"))),
        ("hc1 falcon-h1-7b", () => Schedules.Chip("falcon-h1-7b", "hc1")),
        ("demo delta nets", () => Small(m => Recurrent(m, RecurrenceKind.GatedDeltaNet))),
        ("demo Mamba-2, few lanes", () => Small(m => Recurrent(m, RecurrenceKind.Mamba2), ("vector.lanes", "128"))),
        ("demo experts", () => Small(m => m with { Experts = 8, ExpertsUsed = 2, ExpertFeedForwardLength = 256, FeedForwardLength = 0 })),
    ];

    private static IEnumerable<TestCaseData> Names => Chips.Select(c => new TestCaseData(c.Name));

    /// <summary>From one user over the knee, where the chip is just full, to more than it needs: 4 loads at 2 contexts.</summary>
    [TestCaseSource(nameof(Names))]
    public void Decoding_agrees_within_two_percent(string name)
    {
        var schedule = Chips.Single(c => c.Name == name).Make();
        Assert.Multiple(() =>
        {
            foreach (var context in new[] { 64, 1000 })
            {
                var full = ClosedFormLatency.TokenCycles(schedule, context) / ClosedFormLatency.IntervalCycles(schedule, context);
                foreach (var load in new[] { 0.3, 0.7, 1, 1.3 })
                {
                    var users = Math.Max(1, (int)Math.Round(load * full));
                    if (users > 150 && !Shared.All)
                        continue;
                    var start = context - 1 - ((Tokens + 1) / 2);
                    var closed =
                        Enumerable
                            .Range(2, Tokens - 2)
                            .Average(answer => ClosedFormLatency.RoundCycles(schedule, users, start + 1 + answer)) / users;
                    Check($"{name}, {users} users at {context}", UncertaintyRange(schedule, users, start), closed);
                }
            }
        });
    }

    [TestCaseSource(nameof(Names))]
    public void Reading_a_prompt_agrees_within_two_percent(string name)
    {
        var schedule = Chips.Single(c => c.Name == name).Make();
        Assert.Multiple(() =>
        {
            foreach (var prompt in new[] { 1, 2, 8, 32, 100, 600 })
                Check(
                    $"{name}, prompt of {prompt}",
                    new EventEngine(schedule, Workload.Users(1, new Request(0, prompt, 1))).Run().Cycles,
                    ClosedFormLatency.PassCycles(schedule, prompt)
                );
        });
    }

    /// <summary>More users and larger units cost nothing that the grid of intervals of one and a half per cent does not explain.</summary>
    [Test]
    public void More_users_never_lower_the_rate_of_all_and_more_lanes_never_that_of_one()
    {
        var schedule = Small(m => m);
        var wider = Small(m => m, ("vector.lanes", "1024"));
        var last = 0.0;
        for (var users = 1; users < 60; users++)
        {
            var rate = users / ClosedFormLatency.RoundCycles(schedule, users, 500);
            Assert.That(rate, Is.GreaterThan(last * 0.984), $"{users} users");
            last = Math.Max(last, rate);
        }

        Assert.That(ClosedFormLatency.TokenCycles(wider, 500), Is.LessThan(ClosedFormLatency.TokenCycles(schedule, 500)));
    }

    // Cycles between tokens of all users together while every one decodes, from the third answer on.
    private static double UncertaintyRange(TokenSchedule schedule, int users, int start)
    {
        var result = new EventEngine(schedule, Workload.Users(users, new Request(0, 1, Tokens, start))).Run();
        var all = Enumerable.Range(0, users).Select(u => result.TokenCycles(u).ToArray()).ToArray();
        var (from, to) = (all.Max(t => t[1]), all.Min(t => t[^1]));
        return (to - from) / (double)all.Sum(t => t.Count(c => c > from && c <= to));
    }

    private static void Check(string point, double engine, double closed)
    {
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{point}: engine {engine:0.#}, closed form {closed:0.#}, {100 * ((engine / closed) - 1):+0.00;-0.00} %"
            )
        );
        Assert.That(engine / closed, Is.EqualTo(1).Within(Tolerance), point);
    }

    // The first layer alone has attention.
    private static ModelShape Recurrent(ModelShape shape, RecurrenceKind kind) =>
        shape with
        {
            AttentionLayers = [0],
            ConvolutionLength = 4,
            Recurrence = new()
            {
                Kind = kind,
                Heads = 8,
                HeadSize = 32,
                StateSize = 32,
                Groups = 4,
            },
        };

    private static TokenSchedule Small(Func<ModelShape, ModelShape> change, params (string Key, string Value)[] overrides) =>
        Schedules.Chip("llama-3.1-8b", "demo", m => change(Schedules.Small(m)), overrides);
}
