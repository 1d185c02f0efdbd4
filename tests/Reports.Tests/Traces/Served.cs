using System.Collections.Concurrent;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Traces;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Traces;

/// <summary>Systems that tests replay traces on.</summary>
internal static class Served
{
    private static readonly ConcurrentDictionary<int, ChipPlan> Chips = new();

    public static DesignLibrary Library { get; } = new(Shared.InRepo("chips"));

    /// <summary>Llama 3.2 1B on hc1 with a number of user slots.</summary>
    public static ChipPlan Chip(int slots = 64) =>
        Chips.GetOrAdd(slots, n =>
            DesignLibrary.Plan(
                Library.Shape("llama-3.2-1b"),
                Library.Fabric("hc1", new Dictionary<string, string> { ["card.user_slots"] = $"{n}" }),
                "rom3"
            )
        );

    /// <summary>The rows of a trace: the chip, then each GPU, each followed by its pair where pairs are asked for.</summary>
    public static IReadOnlyList<TraceRow> On(
        ChipPlan plan,
        RequestTrace trace,
        string[]? gpus = null,
        bool pairs = false,
        int replicas = 1,
        int threads = 1
    ) =>
        ReplayTraces
            .Of(
                Library,
                plan,
                [trace],
                new TraceSystems(gpus ?? [], pairs, [replicas]),
                PriceTerms.Of(Library),
                threads,
                null,
                CancellationToken.None
            )
            .Rows;

    /// <summary>Figures of the chip alone.</summary>
    public static TraceFigures OnChip(ChipPlan plan, RequestTrace trace) => On(plan, trace)[0].Figures!;

    /// <summary>Generated traffic.</summary>
    public static RequestTrace Traffic(
        double rate,
        int requests,
        int prompt,
        int answer,
        ArrivalKind arrivals = ArrivalKind.Poisson,
        LengthKind lengths = LengthKind.Fixed,
        ulong seed = 1
    ) =>
        GenerateTrace.Of(
            new TrafficSpec
            {
                RequestsPerSecond = rate,
                Requests = requests,
                MeanPrompt = prompt,
                MeanAnswer = answer,
                Arrivals = arrivals,
                Lengths = lengths,
                Seed = seed,
                MostTokens = 4000,
            }
        );

    /// <summary>Requests at given times.</summary>
    public static RequestTrace Requests(params TraceRequest[] requests) => new("test", requests);

    /// <summary>Half of the width of an interval over its value.</summary>
    public static double Width(UncertaintyRange range) => (range.High - range.Low) / range.Value / 2;
}
