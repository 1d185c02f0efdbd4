using NUnit.Framework;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Tests.Engine;

/// <summary>The closed form for sweeps and the engine with contention say the same.</summary>
[Category("Timing")]
public class AgreementTests
{
    private static readonly Dictionary<string, TokenSchedule> Chips = new(StringComparer.Ordinal)
    {
        ["hc1 llama-3.1-8b"] = Schedules.Chip("llama-3.1-8b", "hc1"),
        ["hc1 llama-3.2-1b"] = Schedules.Chip("llama-3.2-1b", "hc1"),
        ["hc1 qwen3-4b"] = Schedules.Chip("qwen3-4b", "hc1"),
        ["hc1 gemma-3-1b"] = Schedules.Chip("gemma-3-1b", "hc1"),
        ["hc1 deepseek-v2-lite 3 dies"] = Schedules.Chip("deepseek-v2-lite", "hc1", null, ("dies", "3")),
        ["hc1 gpt-oss-20b 3 dies"] = Schedules.Chip("gpt-oss-20b", "hc1", null, ("dies", "3")),
        ["demo small"] = Schedules.Chip("llama-3.1-8b", "demo", Schedules.Small),
        ["demo small untied few lanes"] = Schedules.Chip("llama-3.1-8b", "demo", Schedules.Small, ("vector.lanes", "128")),
        ["demo small slow kv"] = Schedules.Chip("llama-3.1-8b", "demo", Schedules.Small, ("kv_sram.banks", "16")),
        ["demo small slow links"] = Schedules.Chip("llama-3.1-8b", "demo", Schedules.Small, ("network.link_bits", "64"), ("network.vector_links", "1")),
        ["demo small one cluster"] = Schedules.Chip("llama-3.1-8b", "demo", Schedules.Small, ("vector.clusters", "1")),
        ["demo experts"] = Schedules.Chip("llama-3.1-8b", "demo", m => Schedules.Small(m) with { Experts = 8, ExpertsUsed = 2, ExpertFeedForwardLength = 256, FeedForwardLength = 0 }),
    };

    [Test, Explicit]
    public void Table()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var (name, schedule) in Chips)
        {
            foreach (var context in new[] { 16, 2000 })
            {
                var token = ClosedFormLatency.TokenCycles(schedule, context);
                var (unit, interval) = ClosedFormLatency.Bottleneck(schedule, context);
                TestContext.Out.WriteLine($"{name} context {context}: token {token:F0} interval {interval:F0} {unit} knee {token / interval:F1}");
                foreach (var factor in new[] { 0.0, 0.3, 0.7, 1.5 })
                {
                    var users = Math.Max(1, (int)(token / interval * factor));
                    var closed = users / Math.Max(token, users * interval);
                    var engine = Rate(schedule, users, context);
                    TestContext.Out.WriteLine($"   users {users,4} ({factor:F1} of knee) closed {1 / closed:F1} engine {1 / engine:F1} cycles/token: engine {engine / closed - 1:P2}");
                }
            }

            foreach (var prompt in new[] { 1, 8, 64, 256, 1000 })
            {
                var closed = ClosedFormLatency.PrefillCycles(schedule, prompt);
                var start = watch.Elapsed.TotalSeconds;
                var run = new EventEngine(schedule, Workload.Users(1, new Request(0, prompt, 1))).Run();
                var engine = run.Requests[0].TimeToFirstTokenCycles;
                TestContext.Out.WriteLine($"      {run.Events / (watch.Elapsed.TotalSeconds - start) / 1e6:F1} M events/s {run.Events} | {string.Join(", ", run.Parts().Select(p => $"{p.Part} {p.Cycles}"))}");
                TestContext.Out.WriteLine($"      {string.Join(", ", run.Resources.OrderByDescending(r => r.Utilisation).Take(6).Select(r => $"{r.Resource.Unit} {r.Resource.Index} {r.Utilisation:P0}"))}");
                TestContext.Out.WriteLine($"   {name} prefill {prompt}: closed {closed:F0} engine {engine}: {engine / closed - 1:P2}");
            }
            TestContext.Out.WriteLine($"{watch.ElapsedMilliseconds} ms");
        }
    }

    // Tokens per cycle while all users decode at a mean context. Users start one behind another, as far apart as an even spread over the chip puts them:
    // users that start together stay together and meet again at every port.
    internal static double Rate(TokenSchedule schedule, int users, int context, int tokens = 24)
    {
        var apart = Math.Max(ClosedFormLatency.TokenCycles(schedule, context) / users, ClosedFormLatency.IntervalCycles(schedule, context));
        var requests = Enumerable.Range(0, users).Select(u => new Request((long)(u * apart), 1, tokens, context - (tokens / 2))).ToArray();
        var result = new EventEngine(schedule, new Workload { Requests = requests }).Run();
        var all = Enumerable.Range(0, users).Select(u => result.TokenCycles(u).ToArray()).ToArray();
        var from = all.Max(t => t[1]);
        var to = all.Min(t => t[^1]);
        return all.Sum(t => t.Count(c => c > from && c <= to)) / (double)(to - from);
    }
}
