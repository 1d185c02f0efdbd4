using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Activity;

/// <summary>
/// Watts of every power domain over a trace. The energy that the power model gives a unit for the tokens of the run is spread over the
/// cycles in which the unit was busy, so the mean over the whole run is the power model's.
/// </summary>
public sealed record PowerOverTime
{
    /// <summary>Cycle at which the first bin begins.</summary>
    public required long FromCycle { get; init; }

    /// <summary>Cycles of a bin.</summary>
    public required long BinCycles { get; init; }

    /// <summary>Watts that flow whether units work or not: clock, leakage, regulators and the card.</summary>
    public required double SteadyWatts { get; init; }

    /// <summary>Switching watts of each domain, bin after bin.</summary>
    public required IReadOnlyDictionary<FabricUnit, double[]> Watts { get; init; }

    /// <summary>Power over the slices of a run.</summary>
    /// <param name="result">Run with a trace.</param>
    /// <param name="power">Power of the card at the run's rate of tokens.</param>
    /// <param name="bins">Bins, at least 1.</param>
    public static PowerOverTime Of(EngineResult result, in PowerBreakdown power, int bins = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var from = result.Trace.Count == 0 ? 0 : result.Trace.Min(s => s.StartCycle);
        var to = result.Trace.Count == 0 ? 1 : result.Trace.Max(s => s.StartCycle + s.Cycles);
        var width = Math.Max(1, (to - from + bins - 1) / bins);
        var watts = new Dictionary<FabricUnit, double[]>();
        var busy = new double[PathPart.Units];
        foreach (var resource in result.Resources)
            busy[(int)resource.Resource.Unit] += resource.BusyCycles;
        foreach (var slice in result.Trace)
        {
            var unit = result.Resources[slice.Resource].Resource.Unit;
            if (!watts.TryGetValue(unit, out var series))
                watts.Add(unit, series = new double[(int)((to - from + width - 1) / width)]);
            // Mean watts × cycles of the run ÷ busy cycles: watts while one resource of the unit is busy.
            var each = Mean(power, unit) * result.Cycles / busy[(int)unit];
            for (var at = slice.StartCycle; at < slice.StartCycle + slice.Cycles; )
            {
                var bin = (at - from) / width;
                var until = Math.Min(slice.StartCycle + slice.Cycles, from + ((bin + 1) * width));
                series[bin] += each * (until - at) / width;
                at = until;
            }
        }

        return new PowerOverTime
        {
            FromCycle = from,
            BinCycles = width,
            Watts = watts,
            SteadyWatts = power.ClockWatts + power.LeakageWatts + power.RegulatorWatts + power.CardWatts,
        };
    }

    private static double Mean(in PowerBreakdown power, FabricUnit unit) =>
        unit switch
        {
            FabricUnit.Bank => power.RomWatts + power.ColumnsWatts + power.ProductsWatts,
            FabricUnit.Reduction => power.ReductionWatts,
            FabricUnit.Network => power.NetworkWatts,
            FabricUnit.Vector => power.VectorWatts,
            FabricUnit.KvSram => power.KvSramWatts + power.AttentionWatts,
            FabricUnit.Sampler => power.SamplerWatts,
            FabricUnit.DieLink => power.DieLinkWatts,
            _ => 0,
        };
}
