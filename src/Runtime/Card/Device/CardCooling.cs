using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The heat path of one card, and its firmware's rules for the clock.</summary>
public sealed record CardCooling
{
    private const double ZeroCelsius = 273.15;

    /// <summary>Air at the card's inlet, K.</summary>
    public required double InletKelvin { get; init; }

    /// <summary>Junction temperature above which the clock is lowered, K.</summary>
    public required double MaximumKelvin { get; init; }

    /// <summary>Junction to heat sink, K/W.</summary>
    public required double JunctionKelvinPerWatt { get; init; }

    /// <summary>Heat sink to air, K/W.</summary>
    public required double SinkKelvinPerWatt { get; init; }

    /// <summary>Heat in the dies when nothing runs, W.</summary>
    public required double IdleDieWatts { get; init; }

    /// <summary>Part of the card's power above idle that becomes heat in the dies; the regulators lose the rest.</summary>
    public required double DieShare { get; init; }

    /// <summary>Time constants and steps.</summary>
    public required CoolingSpec Rules { get; init; }

    /// <summary>The heat path of a card: resistance, inlet and limit as in the closed form of the power model.</summary>
    /// <param name="rules">Time constants and steps.</param>
    /// <param name="thermal">Constants of the process.</param>
    /// <param name="dieMm2">Area of all dies.</param>
    /// <param name="idleDieWatts">Power of the dies when nothing runs.</param>
    public static CardCooling Of(CoolingSpec rules, ThermalConstants thermal, double dieMm2, double idleDieWatts)
    {
        var resistance = thermal.ResistanceKMm2PerWatt / dieMm2;
        return new CardCooling
        {
            InletKelvin = thermal.InletCelsius + ZeroCelsius,
            MaximumKelvin = thermal.MaximumCelsius + ZeroCelsius,
            JunctionKelvinPerWatt = resistance * rules.JunctionShare,
            SinkKelvinPerWatt = resistance * (1 - rules.JunctionShare),
            IdleDieWatts = idleDieWatts,
            DieShare = thermal.RegulatorEfficiency,
            Rules = rules,
        };
    }
}
