using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Cli.Terminal;

/// <summary>What the event engine says about one request: the critical path, and where tokens are at a cycle.</summary>
internal sealed class EngineProfile
{
    private readonly TokenSchedule _schedule;
    private readonly EventEngine _engine;

    /// <summary>A request on an idle chip.</summary>
    public EngineProfile(ChipDescription chip, int promptTokens, int outputTokens)
    {
        var plan = chip.Plan();
        EngineScope.Check(plan, 1, promptTokens + outputTokens, "--profile and --probe");
        _schedule = BuildTokenSchedule.From(plan);
        _engine = new EventEngine(_schedule, Workload.Users(1, new Request(0, Math.Max(1, promptTokens), Math.Max(1, outputTokens))));
    }

    /// <summary>Part, cycles, share and what limits it; shares add up to 1.</summary>
    public IReadOnlyList<CriticalPathRow> Path(CancellationToken cancel) => [.. _engine.Run(cancel).CriticalPath.Where(r => r.Cycles > 0)];

    /// <summary>Tokens on the chip at a cycle.</summary>
    public IReadOnlyList<TokenState> At(long cycle) => _engine.Look(cycle);

    /// <summary>The critical path as a table with a line of sums.</summary>
    public static void WritePath(TextWriter o, IReadOnlyList<CriticalPathRow> rows)
    {
        static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");
        var table = new TextTable().Words("part").Numbers("cycles").Numbers("share").Words("limited by");
        foreach (var row in rows.OrderByDescending(r => r.Cycles))
            table.Row(row.Part, NumberText.Count(row.Cycles), Share(row.Share), $"{row.LimitedBy}");
        table.Row("all", NumberText.Count(rows.Sum(r => r.Cycles)), Share(rows.Sum(r => r.Share)), "");
        table.Write(o, indent: 0);
    }

    /// <summary>Tokens on the chip at a cycle, one a line.</summary>
    public void WriteState(TextWriter o, long cycle)
    {
        var states = At(cycle);
        o.WriteLine($"cycle {NumberText.Count(cycle)}: {states.Count} {(states.Count == 1 ? "token" : "tokens")} on the chip");
        foreach (var state in states)
            o.WriteLine(
                $"  position {state.Position} in {_schedule.Stages[state.Phase.Stage].Name}, {state.PhaseName}: {Text(state.Answer)}"
            );
    }

    private string Text(ProbeAnswer answer) =>
        answer.Block switch
        {
            ProbeBlock.None => "served",
            ProbeBlock.EarlierPhase =>
                $"waits for {_schedule.Stages[answer.BlockingPhase!.Value.Stage].Phases[answer.BlockingPhase.Value.Phase].Name}",
            ProbeBlock.Resource => $"waits for {PathPart.Name(answer.BlockingResource!.Value.Unit)} {answer.BlockingResource.Value.Index}",
            ProbeBlock.Order => "waits for its turn",
            ProbeBlock.Room => "waits for a buffer in the next stage",
            _ => "at the door of the chip",
        };
}
