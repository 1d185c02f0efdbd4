using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Bench.Engine;

/// <summary>Speed of the event engine and the closed form: Llama 3.1 8B on hc1. Medians of processor time, which other work on the machine
/// disturbs least.</summary>
internal static class EngineSpeed
{
    /// <summary>Runs from the root of a checkout and prints a line for each figure.</summary>
    public static void Run(int repeat)
    {
        var plan = Plan("llama-3.1-8b", "hc1");
        var schedule = BuildTokenSchedule.From(plan);
        var banks = new BankGranularity(plan);
        Events("one user, 2,048 tokens, a resource at a time", repeat, 2048, () =>
            new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 2048))).Run().Events
        );
        Events("100 users, 40 tokens each at 1,000", repeat, 4000, () =>
            new EventEngine(schedule, Workload.Users(100, new Request(0, 1, 40, 1000))).Run().Events
        );
        Events($"one token at 1,000, every one of {banks.Banks:N0} banks", repeat, 1, () =>
            new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 1, 1000)), null, banks).Run().Events
        );
        Events("2,048 tokens of growing context at bank granularity, equal stages once", repeat, 2048, () =>
            TokenSeries.Play(schedule, banks, 1, 2048, 1).Events
        );
        foreach (var users in new[] { 1, 4, 50, 186 })
            Point($"closed form, {users} users", repeat, i => ClosedFormLatency.RoundCycles(schedule, users, 1000 + i));
        Point("closed form, prompt", repeat, i => ClosedFormLatency.PassCycles(schedule, 1000 + i));
        var (chip, technology, prices) = (
            EvaluationInput.Of(plan),
            YamlReader.Read<TechnologySpec>("chips/technology/n6.yaml"),
            YamlReader.Read<PriceBook>("chips/prices/2026-11.yaml")
        );
        foreach (var users in new[] { 1, 4, 50, 186 })
            Point($"design point, all figures, {users} users", repeat, i =>
                ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(1000 + i, 1000, users)).UsdPerMillionTokens
            );
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB")
        );
    }

    private static void Events(string what, int repeat, int tokens, Func<long> play)
    {
        play();
        play();
        long events = 0;
        var seconds = Median(repeat, () => events = play());
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {events:N0} events in {seconds * 1e3:F2} ms, {events / seconds / 1e6:F1} M events/s, "
                    + $"{seconds * 1e3 / tokens:F3} ms a token"
            )
        );
    }

    private static void Point(string what, int repeat, Func<int, double> evaluate)
    {
        const int points = 1000;
        double All()
        {
            var sum = 0.0;
            for (var i = 0; i < points; i++)
                sum += evaluate(i);
            return sum;
        }

        All();
        var seconds = Median(repeat, () => All());
        var before = GC.GetAllocatedBytesForCurrentThread();
        All();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds * 1e6 / points:F2} us and {bytes / points} bytes a point")
        );
    }

    private static double Median(int repeat, Action action)
    {
        var times = new double[repeat];
        using var process = Process.GetCurrentProcess();
        for (var i = 0; i < repeat; i++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            action();
            process.Refresh();
            times[i] = (process.TotalProcessorTime - before).TotalSeconds;
        }

        Array.Sort(times);
        return times[repeat / 2];
    }

    private static ChipPlan Plan(string model, string fabric)
    {
        var spec = YamlReader.Read<FabricSpec>($"chips/fabrics/{fabric}.yaml");
        var options = new CompileOptions
        {
            Fabric = spec,
            Weights = spec.DefaultWeights,
            Compiler = "bench",
        };
        using var shape = SourceModel.Of(YamlReader.Read<ModelShape>($"chips/models/{model}.yaml"), options);
        return CompilerSteps.Run<PlacedDesign>(shape).Placement.Plan;
    }
}
