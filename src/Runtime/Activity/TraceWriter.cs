using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Activity;

/// <summary>
/// Writes the trace of a run as Trace Event JSON, which ui.perfetto.dev opens: a process per kind of unit, a track per resource, tokens as
/// flows from slice to slice, counters of busy resources and of waiting phases. Format: "Trace Event Format", Google, 2016.
/// </summary>
public static class TraceWriter
{
    private const int WaitingProcess = 100;

    /// <summary>Writes a trace as UTF-8.</summary>
    /// <param name="target">Stream to write to; stays open.</param>
    /// <param name="schedule">Schedule that was played.</param>
    /// <param name="result">Run with a trace window.</param>
    /// <param name="clockHz">Clock in hertz; times are in microseconds, as the format wants.</param>
    /// <param name="power">Watts by domain, written as counters; null leaves them out.</param>
    public static void Write(Stream target, TokenSchedule schedule, EngineResult result, double clockHz, PowerOverTime? power = null)
    {
        using var json = new Utf8JsonWriter(target);
        double Microseconds(long cycle) => cycle * 1e6 / clockHz;
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartArray("traceEvents");
        NameTracks(json, result);
        WriteSlices(json, schedule, result, Microseconds);
        WriteFlows(json, result, Microseconds);
        WriteCounters(json, result, Microseconds);
        WriteBandwidth(json, schedule, result, Microseconds, clockHz);
        if (power is not null)
            WritePower(json, power, Microseconds);
        json.WriteEndArray();
        json.WriteStartObject("otherData");
        json.WriteNumber("clock_hz", clockHz);
        json.WriteNumber("slices_left_out", result.TraceDropped);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    private static void NameTracks(Utf8JsonWriter json, EngineResult result)
    {
        foreach (var unit in Enum.GetValues<FabricUnit>())
            Name("process_name", (int)unit + 1, 0, PathPart.Name(unit));
        Name("process_name", WaitingProcess, 0, "tokens");
        foreach (var resource in result.Trace.Select(s => s.Resource).Distinct().Order().Select(r => result.Resources[r].Resource))
            Name(
                "thread_name",
                (int)resource.Unit + 1,
                resource.Index + 1,
                string.Create(CultureInfo.InvariantCulture, $"{PathPart.Name(resource.Unit)} {resource.Index}")
            );

        void Name(string what, int process, int thread, string name)
        {
            json.WriteStartObject();
            json.WriteString("ph", "M");
            json.WriteString("name", what);
            json.WriteNumber("pid", process);
            json.WriteNumber("tid", thread);
            json.WriteStartObject("args");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteSlices(Utf8JsonWriter json, TokenSchedule schedule, EngineResult result, Func<long, double> microseconds)
    {
        foreach (var slice in result.Trace)
        {
            var stage = schedule.Stages[slice.Phase.Stage];
            Begin(
                json,
                "X",
                stage.Phases[slice.Phase.Phase].Name,
                result.Resources[slice.Resource].Resource,
                microseconds(slice.StartCycle)
            );
            json.WriteNumber("dur", microseconds(slice.Cycles));
            json.WriteStartObject("args");
            json.WriteString("stage", stage.Name);
            json.WriteNumber("request", slice.Request);
            json.WriteNumber("position", slice.Position);
            json.WriteNumber("start_cycle", slice.StartCycle);
            json.WriteNumber("cycles", slice.Cycles);
            json.WriteNumber("waited_cycles", slice.StartCycle - slice.ReadyCycle);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    // One step per phase, on the first resource of it.
    private static void WriteFlows(Utf8JsonWriter json, EngineResult result, Func<long, double> microseconds)
    {
        foreach (var token in result.Trace.GroupBy(s => (s.Request, s.Position)).OrderBy(g => g.Key))
        {
            var steps = token
                .DistinctBy(s => s.Phase)
                .OrderBy(s => s.StartCycle)
                .ThenBy(s => s.Phase.Stage)
                .ThenBy(s => s.Phase.Phase)
                .ToArray();
            var id = string.Create(CultureInfo.InvariantCulture, $"{token.Key.Request}:{token.Key.Position}");
            for (var i = 0; i < steps.Length && steps.Length > 1; i++)
            {
                Begin(
                    json,
                    i == 0 ? "s"
                        : i == steps.Length - 1 ? "f"
                        : "t",
                    "token",
                    result.Resources[steps[i].Resource].Resource,
                    microseconds(steps[i].StartCycle)
                );
                json.WriteString("cat", "token");
                json.WriteString("id", id);
                json.WriteString("bp", "e");
                json.WriteEndObject();
            }
        }
    }

    private static void WriteCounters(Utf8JsonWriter json, EngineResult result, Func<long, double> microseconds)
    {
        foreach (var unit in result.Trace.GroupBy(s => result.Resources[s.Resource].Resource.Unit).OrderBy(g => g.Key))
            Count("busy", "resources", (int)unit.Key + 1, unit.Select(s => (s.StartCycle, s.StartCycle + s.Cycles)));
        if (result.Trace.Count > 0)
            Counter(json, "waiting", WaitingProcess, microseconds(result.Trace[0].StartCycle), "phases", 0);
        Count(
            "waiting",
            "phases",
            WaitingProcess,
            result.Trace.DistinctBy(s => (s.Request, s.Position, s.Phase)).Select(s => (s.ReadyCycle, s.StartCycle))
        );

        void Count(string name, string what, int process, IEnumerable<(long From, long To)> spans)
        {
            var level = 0;
            foreach (
                var change in spans
                    .Where(s => s.To > s.From)
                    .SelectMany(s => new[] { (At: s.From, By: 1), (At: s.To, By: -1) })
                    .GroupBy(c => c.At)
                    .OrderBy(g => g.Key)
            )
            {
                level += change.Sum(c => c.By);
                json.WriteStartObject();
                json.WriteString("ph", "C");
                json.WriteString("name", name);
                json.WriteNumber("pid", process);
                json.WriteNumber("tid", 0);
                json.WriteNumber("ts", microseconds(change.Key));
                json.WriteStartObject("args");
                json.WriteNumber(what, level);
                json.WriteEndObject();
                json.WriteEndObject();
            }
        }
    }

    // Bits per second of a kind of unit: every slice moves its items at an even rate.
    private static void WriteBandwidth(
        Utf8JsonWriter json,
        TokenSchedule schedule,
        EngineResult result,
        Func<long, double> microseconds,
        double clockHz
    )
    {
        var slices = result
            .Trace.Select(s => (Slice: s, result.Resources[s.Resource].Resource))
            .Select(s => (s.Resource.Unit, s.Slice.StartCycle, s.Slice.Cycles, Rate: Rate(s.Slice, s.Resource)));
        foreach (var unit in slices.Where(s => s.Rate > 0).GroupBy(s => s.Unit).OrderBy(g => g.Key))
        {
            var level = 0.0;
            foreach (
                var change in unit.SelectMany(s => new[] { (At: s.StartCycle, By: s.Rate), (At: s.StartCycle + s.Cycles, By: -s.Rate) })
                    .GroupBy(c => c.At)
                    .OrderBy(g => g.Key)
            )
            {
                level += change.Sum(c => c.By);
                Counter(
                    json,
                    "bandwidth",
                    (int)unit.Key + 1,
                    microseconds(change.Key),
                    "gigabytes_per_second",
                    Math.Max(0, level) * clockHz / 8e9
                );
            }
        }

        double Rate(TraceSlice slice, Resource resource)
        {
            var phase = schedule.Stages[slice.Phase.Stage].Phases[slice.Phase.Phase];
            var demand = phase.Demands.FirstOrDefault(d =>
                d.Resource == resource || (d.Resource.Unit == resource.Unit && d.Alternatives.Contains(resource.Index))
            );
            return demand is null ? 0 : demand.ItemsPerCycle * demand.BitsPerItem;
        }
    }

    private static void WritePower(Utf8JsonWriter json, PowerOverTime power, Func<long, double> microseconds)
    {
        foreach (var (unit, watts) in power.Watts.OrderBy(w => w.Key))
            for (var bin = 0; bin < watts.Length; bin++)
                if (bin == 0 || watts[bin] != watts[bin - 1])
                    Counter(json, "power", (int)unit + 1, microseconds(power.FromCycle + (bin * power.BinCycles)), "watts", watts[bin]);
        Counter(json, "power", WaitingProcess, microseconds(power.FromCycle), "steady_watts", power.SteadyWatts);
    }

    private static void Counter(Utf8JsonWriter json, string name, int process, double time, string what, double value)
    {
        json.WriteStartObject();
        json.WriteString("ph", "C");
        json.WriteString("name", name);
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", 0);
        json.WriteNumber("ts", time);
        json.WriteStartObject("args");
        json.WriteNumber(what, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string kind, string name, Resource resource, double time)
    {
        json.WriteStartObject();
        json.WriteString("ph", kind);
        json.WriteString("name", name);
        json.WriteNumber("pid", (int)resource.Unit + 1);
        json.WriteNumber("tid", resource.Index + 1);
        json.WriteNumber("ts", time);
    }
}
