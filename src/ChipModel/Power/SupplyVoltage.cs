using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Power;

/// <summary>The supply voltage that a clock needs, the highest clock of a process, and what the voltage does to energy and
/// leakage.</summary>
public static class SupplyVoltage
{
    private const int NewtonSteps = 8;

    /// <summary>Supply of a fabric's dies: its own <c>supply_volts</c>, or the lowest voltage at which the process reaches its
    /// clock.</summary>
    public static double Of(FabricSpec fabric, TechnologySpec technology) =>
        fabric.SupplyVolts?.Value ?? VoltsFor(technology.Supply, fabric.ClockGhz);

    /// <summary>Clock at a voltage, GHz; 0 at and below the threshold.</summary>
    public static double ClockGhz(SupplyConstants supply, double volts) =>
        volts <= supply.ThresholdVolts
            ? 0
            : supply.ClockAtNominalGhz
                * Math.Pow((volts - supply.ThresholdVolts) / (supply.NominalVolts - supply.ThresholdVolts), supply.Exponent)
                * supply.NominalVolts
                / volts;

    /// <summary>Highest clock of a process, GHz: the one at its highest voltage.</summary>
    public static double MaximumClockGhz(SupplyConstants supply) => ClockGhz(supply, supply.MaximumVolts);

    /// <summary>Lowest voltage at which a process reaches a clock, V; never outside the process's limits.</summary>
    public static double VoltsFor(SupplyConstants supply, double clockGhz)
    {
        var (low, high) = ((double)supply.MinimumVolts, (double)supply.MaximumVolts);
        if (clockGhz <= ClockGhz(supply, low))
            return low;
        if (clockGhz >= ClockGhz(supply, high))
            return high;
        // ln f is concave in V, so Newton's method from below the root comes down from above after one step and then converges.
        var (threshold, exponent) = ((double)supply.ThresholdVolts, (double)supply.Exponent);
        var wanted =
            Math.Log(clockGhz / supply.ClockAtNominalGhz)
            + (exponent * Math.Log(supply.NominalVolts - threshold))
            - Math.Log(supply.NominalVolts);
        var volts = low;
        for (var i = 0; i < NewtonSteps; i++)
        {
            var error = (exponent * Math.Log(volts - threshold)) - Math.Log(volts) - wanted;
            volts = Math.Clamp(volts - (error / ((exponent / (volts - threshold)) - (1 / volts))), low, high);
        }

        return volts;
    }

    /// <summary>Energy at a voltage over the energy at the nominal one: the square of the ratio.</summary>
    public static double EnergyFactor(SupplyConstants supply, double volts) => volts / supply.NominalVolts * (volts / supply.NominalVolts);

    /// <summary>Leakage power at a voltage over the one at the nominal voltage.</summary>
    public static double LeakageFactor(SupplyConstants supply, double volts) =>
        volts / supply.NominalVolts * Math.Exp(supply.LeakagePerVolt * (volts - supply.NominalVolts));

    /// <summary>Refuses a clock that the process does not reach at the fabric's supply, and a supply outside the process's
    /// limits.</summary>
    /// <exception cref="InputException">Such a clock or supply.</exception>
    public static void Check(FabricSpec fabric, TechnologySpec technology)
    {
        var supply = technology.Supply;
        if (fabric.SupplyVolts is { } own && (own < supply.MinimumVolts || own > supply.MaximumVolts))
            throw new InputException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"fabric {fabric.Name}: supply_volts {own.Value:0.###} is outside the {supply.MinimumVolts.Value:0.###} … "
                        + $"{supply.MaximumVolts.Value:0.###} V of {technology.Name}"
                )
            );
        var volts = fabric.SupplyVolts?.Value ?? supply.MaximumVolts;
        var most = ClockGhz(supply, volts);
        // A clock that was solved from the curve comes back with the last digits off.
        if (fabric.ClockGhz > most * (1 + 1e-9))
            throw new InputException(
                FormattableString.Invariant($"fabric {fabric.Name}: clock_ghz {fabric.ClockGhz.Value:0.###} is above the ")
                    + $"{NumberText.Significant(most)} GHz that {technology.Name} reaches at {NumberText.Significant(volts)} V "
                    + (fabric.SupplyVolts is null ? "(its highest supply)" : "(supply_volts)")
            );
    }
}
