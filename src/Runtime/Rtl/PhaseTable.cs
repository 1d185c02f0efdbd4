using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Rtl;

/// <summary>Cycles of a Verilog run by phase of the schedule, beside the event engine's.</summary>
internal sealed class PhaseTable
{
    private readonly Dictionary<string, (int Events, long Cycles)> _cycles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FabricUnit> _units = new(StringComparer.Ordinal);
    private readonly List<(int Position, int Stage, string Phase, long From, long To)> _spans = [];

    /// <summary>Adds up the instructions of the answer tokens.</summary>
    /// <param name="rtl">Chip.</param>
    /// <param name="log">Its run.</param>
    /// <param name="firstAnswer">Position of the last prompt token, which the first answer comes from.</param>
    public PhaseTable(ChipRtl rtl, ChipLog log, int firstAnswer)
    {
        foreach (var phase in rtl.Schedule.Stages.SelectMany(s => s.Phases))
            _units.TryAdd(phase.Name, phase.Unit);
        var bank = 0;
        foreach (var logged in log.Instructions)
        {
            var instruction = rtl.Program.Instructions[logged.Index];
            // A product ends when the last of its banks has its sums; the rest of the instruction is their way to the lanes.
            var sums = logged.Start;
            for (; bank < log.Banks.Count && log.Banks[bank].Cycle <= logged.End; bank++)
                sums = Math.Max(sums, log.Banks[bank].Cycle);
            if (logged.Position < firstAnswer || logged.End < 0)
                continue;
            if (instruction.CollectPhase.Length == 0)
            {
                Count(logged.Position, instruction.Stage, instruction.Phase, logged.Start, logged.End);
                continue;
            }

            Count(logged.Position, instruction.Stage, instruction.Phase, logged.Start, sums);
            Count(logged.Position, instruction.Stage, instruction.CollectPhase, sums, logged.End);
        }
    }

    /// <summary>The rows, in the order of the schedule; phases that the schedule does not have behind them.</summary>
    public IReadOnlyList<PhaseCycles> Rows(EngineResult engine)
    {
        var rows = new List<PhaseCycles>();
        foreach (var row in engine.CriticalPath)
        {
            var (events, cycles) = _cycles.GetValueOrDefault(row.Part);
            rows.Add(
                new PhaseCycles(
                    row.Part,
                    _units[row.Part],
                    events,
                    row.Cycles,
                    cycles,
                    Reason(row.Part, _units[row.Part], cycles - row.Cycles)
                )
            );
        }

        foreach (
            var (phase, (events, cycles)) in _cycles.Where(c => !_units.ContainsKey(c.Key)).OrderBy(c => c.Key, StringComparer.Ordinal)
        )
            rows.Add(new PhaseCycles(phase, FabricUnit.Vector, events, 0, cycles, "the schedule has no phase for it"));
        return rows;
    }

    /// <summary>A token's way through the chip, cycles from its start.</summary>
    public IReadOnlyList<RtlSpan> Spans(int position)
    {
        var mine = _spans.Where(s => s.Position == position).ToArray();
        var start = mine.Length == 0 ? 0 : mine.Min(s => s.From);
        return
        [
            .. mine.Select(s => new RtlSpan(
                _units.GetValueOrDefault(s.Phase, FabricUnit.Vector),
                s.Stage,
                s.Phase,
                s.From - start,
                s.To - start
            )),
        ];
    }

    private void Count(int position, int stage, string phase, long from, long to)
    {
        var (events, sum) = _cycles.GetValueOrDefault(phase);
        _cycles[phase] = (events + 1, sum + to - from);
        _spans.Add((position, stage, phase, from, to));
    }

    private static string Reason(string phase, FabricUnit unit, long difference) =>
        difference == 0
            ? ""
            : unit switch
            {
                FabricUnit.Bank => "a port streams its rows by its own hops, not those of its farthest neighbour",
                FabricUnit.Reduction or FabricUnit.Sampler =>
                    "ports collect as soon as their own banks are done; beats wait their turn for the links",
                FabricUnit.KvSram => "a KV port transfers complete words",
                _ => "lanes and links per region are integers",
            };
}
