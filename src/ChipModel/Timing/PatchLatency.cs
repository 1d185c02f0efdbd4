using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// Time of a model that forecasts a series in patches: a token is a patch, a request is a forecast.
/// </summary>
/// <remarks>
/// The patches of the context enter one after another, those of all series of the forecast behind one another; the last of each makes the
/// first output patch, and the quantiles far ahead. Then each step takes the m patches that the output patch before has filled, at once
/// and in their order; the last of them makes the next output patch. A step waits for the one before, so one forecast leaves stages idle
/// that others use: forecasts of several users are limited by the busiest resource. With P patches of context, N patches ahead and s
/// series, s·(P + m·⌊(N − 1)/m⌋) positions are computed.
/// </remarks>
public static class PatchLatency
{
    // Steps are timed at this many contexts at most: cycles are piecewise linear in the context.
    private const int MostParts = 8;

    /// <summary>Cycles of a forecast on an idle chip until its first output patch.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="patches">Sizes.</param>
    /// <param name="context">Patches of context, at least 1.</param>
    public static double ContextCycles(TokenSchedule schedule, PatchShape patches, int context) =>
        BatchCycles(schedule, patches.SeriesPerForecast, context, 0)
        + Math.Max(0, (schedule.Quantiles?.Cycles(context) ?? 0) - schedule.Output.Cycles(context));

    /// <summary>Cycles of all steps behind the first output patch.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="patches">Sizes.</param>
    /// <param name="context">Patches of context, at least 1.</param>
    /// <param name="ahead">Patches to forecast, at least 1.</param>
    public static double StepCycles(TokenSchedule schedule, PatchShape patches, int context, int ahead) =>
        OverSteps(schedule, patches, (context, ahead), busiest: false);

    /// <summary>Cycles for which a forecast keeps the busiest resource.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="patches">Sizes.</param>
    /// <param name="context">Patches of context, at least 1.</param>
    /// <param name="ahead">Patches to forecast, at least 1.</param>
    public static double BusyCycles(TokenSchedule schedule, PatchShape patches, int context, int ahead) =>
        patches.SeriesPerForecast
        * (ClosedFormLatency.StreamCycles(schedule, 0, context) + OverSteps(schedule, patches, (context, ahead), busiest: true));

    /// <summary>Positions that the chip computes for one forecast, and the mean number of positions that each sees.</summary>
    /// <param name="patches">Sizes.</param>
    /// <param name="service">Patches of context and patches to forecast.</param>
    public static (double Computed, double Seen) Positions(PatchShape patches, ServiceShape service)
    {
        var (context, decoded) = (service.InputTokens, (double)patches.Steps(service.OutputTokens) * patches.PatchesPerStep);
        // The n-th position sees n.
        var all = context + decoded;
        return (patches.SeriesPerForecast * all, (all + 1) / 2);
    }

    /// <summary>Speeds of a service at a clock. Rates count the patches that are forecast; the context is in their time.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="patches">Sizes.</param>
    /// <param name="service">Patches of context, patches to forecast, and users.</param>
    /// <param name="clock">Clock.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offClock">Links between packages and HBM, which follow no clock of the chip.</param>
    public static LatencyFigures Figures(
        TokenSchedule schedule,
        PatchShape patches,
        ServiceShape service,
        Hertz clock,
        double factor,
        in OffDieTiming offClock
    )
    {
        service.Check();
        var perCycle = factor / clock.Value;
        var ahead = service.OutputTokens;
        var steps = patches.Steps(ahead);
        var (computed, seen) = Positions(patches, service);
        // Cycles on links between packages are at the nominal clock; their time is not.
        var first =
            ((ContextCycles(schedule, patches, service.InputTokens) - schedule.PackageLinkCycles) * perCycle)
            + offClock.TokenSeconds(service.InputTokens);
        var rest =
            ((StepCycles(schedule, patches, service.InputTokens, ahead) - (steps * schedule.PackageLinkCycles)) * perCycle)
            + (steps * offClock.TokenSeconds(service.MeanContext));
        var (unit, _) = ClosedFormLatency.Bottleneck(schedule, seen, withOutput: false);
        var busy = BusyCycles(schedule, patches, service.InputTokens, ahead) * perCycle;
        if (offClock.Interval(seen) is var off && computed * off.Seconds > busy)
            (unit, busy) = (off.Unit, computed * off.Seconds);
        var forecast = first + rest;
        var perUser = Math.Max(forecast, service.Users * busy);
        return new LatencyFigures
        {
            TokenSeconds = new(forecast / ahead),
            IntervalSeconds = new(busy / ahead),
            TokensPerSecondUser = ahead / perUser,
            TokensPerSecondTotal = service.Users * ahead / perUser,
            TimeToFirstTokenSeconds = new(first),
            PromptTokenSeconds = new(0),
            UsersToSaturate = forecast / busy,
            BindingUnit = unit,
        };
    }

    // Tokens of each series enter one after another, those of the next series behind them; the last walks the whole chip.
    private static double BatchCycles(TokenSchedule schedule, int series, int tokens, int startingContext) =>
        ClosedFormLatency.PassCycles(schedule, tokens, startingContext)
        + ((series - 1) * ClosedFormLatency.StreamCycles(schedule, startingContext, tokens));

    // Sum over the steps of their cycles, or of the busiest resource's: by the midpoint rule where there are many steps.
    private static double OverSteps(TokenSchedule schedule, PatchShape patches, (int Context, int Ahead) service, bool busiest)
    {
        var (steps, tokens) = (patches.Steps(service.Ahead), patches.PatchesPerStep);
        var parts = Math.Min(steps, MostParts);
        var sum = 0.0;
        for (var i = 0; i < parts; i++)
        {
            var context = service.Context + ((int)((i + 0.5) * steps / parts) * tokens);
            sum += busiest
                ? ClosedFormLatency.StreamCycles(schedule, context, tokens)
                : BatchCycles(schedule, patches.SeriesPerForecast, tokens, context);
        }

        return parts == 0 ? 0 : sum * steps / parts;
    }
}
