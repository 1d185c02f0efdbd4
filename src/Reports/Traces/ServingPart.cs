using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>A part of a system that draws power and costs money: its chip, or its GPUs.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="IdleWatts">Power without work, W.</param>
/// <param name="PowerRatio">Ends of the 90 % interval of its power over the best estimate.</param>
/// <param name="UsdPerHour">Rent, or write-off and hosting, whether it works or not.</param>
/// <param name="UsdPerKwh">Electricity for a kWh at its plug; 0 where the rent has it.</param>
/// <param name="FurtherWatts">Power that is paid for beside its own: its share of a server, W.</param>
internal sealed record ServingPart(
    string Name,
    double IdleWatts,
    UncertaintyRange PowerRatio,
    UncertaintyRange UsdPerHour,
    UncertaintyRange UsdPerKwh,
    double FurtherWatts
)
{
    /// <summary>Energy of a trace, J.</summary>
    /// <param name="workJoules">Of the work alone.</param>
    /// <param name="seconds">Length of the trace.</param>
    public UncertaintyRange Joules(double workJoules, double seconds) => PowerRatio * (workJoules + (IdleWatts * seconds));

    /// <summary>Cost of a trace, USD.</summary>
    /// <param name="joules">Its energy.</param>
    /// <param name="seconds">Its length.</param>
    public UncertaintyRange Usd(UncertaintyRange joules, double seconds)
    {
        return new(
            At(UsdPerHour.Value, joules.Value, UsdPerKwh.Value),
            At(UsdPerHour.Low, joules.Low, UsdPerKwh.Low),
            At(UsdPerHour.High, joules.High, UsdPerKwh.High)
        );

        double At(double hourly, double energy, double kwh) =>
            (hourly * seconds / 3600) + (kwh * (energy + (FurtherWatts * seconds)) / 3.6e6);
    }
}
