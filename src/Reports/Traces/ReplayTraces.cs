using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Traces;

/// <summary>Replays traces on a chip, on GPUs and on pairs of both.</summary>
public static class ReplayTraces
{
    /// <summary>Replays every trace on every number of every system.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="traces">Traces of like lengths; at least one. Energies and prices are taken at the mean lengths of the first.</param>
    /// <param name="systems">GPUs, pairs and replicas.</param>
    /// <param name="prices">Prices of the chip.</param>
    /// <param name="threads">Threads; at least 1. The report does not depend on them.</param>
    /// <param name="progress">Share of the configurations that are done.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InputException">No system can serve, or a GPU is not known.</exception>
    public static TraceReport Of(
        DesignLibrary library,
        ChipPlan plan,
        IReadOnlyList<RequestTrace> traces,
        TraceSystems systems,
        PriceBook prices,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        var (prompt, answer) = (traces[0].MeanPrompt, traces[0].MeanAnswer);
        var chip = Try(() => BuildServing.Chip(library, plan, prices, prompt, answer), $"{plan.Fabric.Name} chip");
        var all = new List<(string Name, IServingSystem? System, string Fault)> { (chip.Name, chip.System, chip.Fault) };
        foreach (var name in systems.Gpus)
        {
            // A name that is not known is a fault of the command, not of the system.
            var (card, _, _, detail) = GpuViews.Parse(library.Gpus, name, (int)Math.Round(prompt), (int)Math.Round(answer));
            var label = BuildServing.GpuName(card, name, detail);
            var gpu = Try(() => BuildServing.Gpu(library, plan.Model, name, prompt, answer), label);
            all.Add((gpu.Name, gpu.System, gpu.Fault));
            if (systems.Pairs)
                all.Add(
                    gpu.System is { } g && chip.System is { } c
                        ? ($"{g.Name} + {c.Name}", BuildServing.Pair(library, plan, g, c), "")
                        : ($"{gpu.Name} + {chip.Name}", null, gpu.Fault.Length > 0 ? gpu.Fault : chip.Fault)
                );
        }

        var jobs = from trace in traces from replicas in systems.Replicas from system in all select (trace, replicas, system);
        return new TraceReport
        {
            Model = plan.Model.Name,
            Traces = [.. traces.Select(t => t.Source)],
            Basis = [.. all.Select(s => new TraceBasis(s.Name, s.System?.Basis ?? [$"cannot serve: {s.Fault}"]))],
            Rows = Rows([.. jobs], threads, progress, cancel),
        };
    }

    private static TraceRow[] Rows(
        (RequestTrace Trace, int Replicas, (string Name, IServingSystem? System, string Fault) Of)[] jobs,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        var rows = new TraceRow[jobs.Length];
        var done = 0;
        Parallel.For(0, jobs.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, i =>
        {
            var (trace, replicas, (name, system, fault)) = jobs[i];
            var row = new TraceRow
            {
                System = name,
                Replicas = replicas,
                RequestsPerSecond = (trace.Requests.Count - 1) / trace.Requests[^1].ArrivalSeconds,
                Unavailable = fault,
            };
            rows[i] = system is null ? row : Served(row, system, trace, cancel);
            progress?.Report((double)Interlocked.Increment(ref done) / jobs.Length);
        });
        return rows;
    }

    private static TraceRow Served(TraceRow row, IServingSystem system, RequestTrace trace, CancellationToken cancel)
    {
        try
        {
            return row with { Figures = SummariseTrace.Of(system, trace, row.Replicas, cancel) };
        }
        catch (InputException e)
        {
            return row with { Unavailable = e.Message };
        }
    }

    private static (string Name, T? System, string Fault) Try<T>(Func<T> make, string name)
        where T : class
    {
        try
        {
            return (name, make(), "");
        }
        catch (InputException e)
        {
            return (name, null, e.Message);
        }
    }
}
