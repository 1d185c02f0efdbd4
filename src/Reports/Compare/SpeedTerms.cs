using System.Globalization;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>How the cycles of a token become seconds.</summary>
public sealed record SpeedTerms
{
    /// <summary>Structural cycles of one answer token at the mean context.</summary>
    public required double CyclesPerToken { get; init; }

    /// <summary>Clock of the fabric, GHz.</summary>
    public required double ClockGhz { get; init; }

    /// <summary>Where the clock comes from.</summary>
    public required string ClockSource { get; init; }

    /// <summary>Factor on the seconds of these cycles: <c>calibration.latency</c> of the process.</summary>
    public required double LatencyFactor { get; init; }

    /// <summary>Where the factor comes from.</summary>
    public required string LatencyFactorSource { get; init; }

    /// <summary>Supply at that clock, V.</summary>
    public required double SupplyVolts { get; init; }

    /// <summary>Terms of a chip.</summary>
    public static SpeedTerms Of(EvaluationInput chip, TechnologySpec technology, ServiceShape service) =>
        new()
        {
            CyclesPerToken = ClosedFormLatency.TokenCycles(chip.Schedule, service.MeanContext),
            ClockGhz = chip.Fabric.ClockGhz,
            ClockSource = chip.Fabric.ClockGhz.Source,
            LatencyFactor = technology.Calibration.Latency,
            LatencyFactorSource = technology.Calibration.Latency.Source,
            SupplyVolts = SupplyVoltage.Of(chip.Fabric, technology),
        };

    /// <summary>The terms in a sentence.</summary>
    public string Text() =>
        $"{NumberText.Count((long)Math.Round(CyclesPerToken))} cycles a token at "
        + $"{ClockGhz.ToString("0.###", CultureInfo.InvariantCulture)} GHz, latency factor "
        + $"{NumberText.Significant(LatencyFactor)}";
}
