using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Whole forecasts on one system under one load.</summary>
/// <param name="System">Name of the chip or card.</param>
/// <param name="View">One user or full batch.</param>
/// <param name="Users">Forecasts at once.</param>
/// <param name="ForecastUs">From the series to its forecast, µs.</param>
/// <param name="ForecastsPerSecond">Forecasts per second of all users.</param>
/// <param name="Watts">Power, W.</param>
/// <param name="JoulesPerForecast">Energy of one forecast, J.</param>
/// <param name="UsdPerMillionForecasts">Cost of a million forecasts, USD.</param>
public sealed record ForecastRow(
    string System,
    ServiceView View,
    double Users,
    UncertaintyRange ForecastUs,
    UncertaintyRange ForecastsPerSecond,
    UncertaintyRange Watts,
    UncertaintyRange JoulesPerForecast,
    UncertaintyRange UsdPerMillionForecasts
);
