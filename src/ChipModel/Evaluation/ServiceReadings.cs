using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>The explanations of a published chip's behaviour in service, ready to be drawn for one design point.</summary>
internal sealed class ServiceReadings
{
    // Explanations have a stream of random numbers of their own: with and without them the constants of a draw are the same.
    private const ulong Stream = 0x5E21_1CE5_0C4A_11E5;

    private readonly ServiceHypotheses _hypotheses;
    private readonly (ServiceCycles Cycles, double Pass) _structure;
    private readonly (ServiceCycles Cycles, double Pass) _fixedAttention;

    private ServiceReadings(EvaluationInput chip, ServiceShape service, ServiceHypotheses hypotheses, in ServiceCycles structure)
    {
        _hypotheses = hypotheses;
        _structure = (structure, ClosedFormLatency.TokenCycles(chip.Schedule, 0.5 * (service.InputTokens + 1)));
        _fixedAttention = FixedAttention(chip, service);
    }

    /// <summary>Explanations for a design point; null where none apply: no published chip, no hypotheses, or a model that does not
    /// decode token by token.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="work">Its cycles.</param>
    public static ServiceReadings? Of(EvaluationInput chip, ServiceShape service, in ServiceWork work) =>
        chip.Fabric.Published?.Hypotheses is { } hypotheses && work.Cycles is { } cycles
            ? new ServiceReadings(chip, service, hypotheses, cycles)
            : null;

    /// <summary>One reading for each draw; equal seeds give equal readings.</summary>
    public IReadOnlyList<ServiceReading> Draw(int draws, ulong seed)
    {
        var random = new SplitMix(seed ^ Stream);
        var made = new ServiceReading[draws];
        for (var d = 0; d < draws; d++)
        {
            var decoding = Choose(_hypotheses.Decoding, h => h.Weight, random.Uniform());
            var prompts = Choose(_hypotheses.Prompts, h => h.Weight, random.Uniform());
            var (clock, overhead, start) = (random.Normal(), random.Normal(), random.Normal());
            made[d] = Reading(decoding, prompts, c => Drawn(c, clock), c => Drawn(c, overhead), c => Drawn(c, start));
        }

        return made;
    }

    /// <summary>Each explanation of either list alone, with its best values, beside the structure.</summary>
    public IEnumerable<(string Name, double Weight, string Statement, ServiceReading Reading)> Alone() =>
        _hypotheses
            .Decoding.Select(h => (h.Name, h.Weight, h.Statement, Reading(h, null, Best, Best, Best)))
            .Concat(_hypotheses.Prompts.Select(h => (h.Name, h.Weight, h.Statement, Reading(null, h, Best, Best, Best))));

    private ServiceReading Reading(
        DecodingHypothesis? decoding,
        PromptHypothesis? prompts,
        Func<Constant, double> clock,
        Func<Constant, double> overhead,
        Func<Constant, double> start
    )
    {
        var (cycles, pass) = decoding is { FixedAttention: true } ? _fixedAttention : _structure;
        return new ServiceReading
        {
            Cycles = cycles,
            PromptPassCycles = pass,
            ClockFraction = decoding is null ? 1 : clock(decoding.ClockFraction),
            TokenOverheadSeconds = decoding is null ? 0 : 1e-6 * overhead(decoding.TokenOverheadUs),
            OneByOne = prompts is { OneByOne: true },
            StartSeconds = prompts is null ? 0 : 1e-6 * start(prompts.StartUs),
        };
    }

    // Every token, of prompt and answer, takes the cycles of the published measurement's context.
    private static (ServiceCycles Cycles, double Pass) FixedAttention(EvaluationInput chip, ServiceShape service)
    {
        var published = chip.Fabric.Published!;
        var context = new ServiceShape(published.InputTokens, published.OutputTokens).MeanContext;
        var token = ClosedFormLatency.TokenCycles(chip.Schedule, context);
        var (unit, interval) = ClosedFormLatency.Bottleneck(chip.Schedule, context);
        var prompt = ClosedFormLatency.IntervalCycles(chip.Schedule, context, withOutput: false);
        var cycles = new ServiceCycles
        {
            Token = token,
            BusiestUnit = unit,
            Interval = interval,
            Round = ClosedFormLatency.RoundCycles(chip.Schedule, service.Users, context),
            Queue = (service.InputTokens - 1) * prompt,
            TokenAtInput = token,
            PromptInterval = prompt,
        };
        return (cycles, token);
    }

    private static T Choose<T>(IReadOnlyList<T> list, Func<T, double> weight, double uniform)
    {
        foreach (var item in list)
            if ((uniform -= weight(item)) < 0)
                return item;
        // Rounding of weights that add up to 1.
        return list.Last(item => weight(item) > 0);
    }

    private static double Best(Constant constant) => constant.Value;

    private static double Drawn(Constant constant, double normal) => ConstantDraws.Draw(constant, normal);
}
