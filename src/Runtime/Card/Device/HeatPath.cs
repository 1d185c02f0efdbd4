namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// Temperature and averaged power of a card over time. Two stages in series (Foster network): each follows τ dΔT/dt = P R − ΔT, solved
/// exactly while power is constant. Every period the firmware looks at the junction and lowers the clock by a step above the limit, or
/// raises it by one below the limit less the hysteresis. A card starts at its idle temperature.
/// </summary>
internal sealed class HeatPath
{
    private readonly CardCooling _cooling;
    private readonly double _period;
    private double _junction,
        _sink;
    private double _untilLook;

    public HeatPath(CardCooling cooling)
    {
        _cooling = cooling;
        _period = cooling.Rules.PeriodSeconds;
        _untilLook = _period;
        (_junction, _sink) = (cooling.IdleDieWatts * cooling.JunctionKelvinPerWatt, cooling.IdleDieWatts * cooling.SinkKelvinPerWatt);
    }

    /// <summary>Junction temperature.</summary>
    public double Kelvin => _cooling.InletKelvin + _junction + _sink;

    /// <summary>Clock over the nominal one.</summary>
    public double ClockFraction { get; private set; } = 1;

    /// <summary>Power above idle, averaged by the sensor, W.</summary>
    public double AverageWatts { get; private set; }

    /// <summary>Lets time pass with constant power above idle.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="watts">Power of the card above idle.</param>
    public void Pass(double seconds, double watts)
    {
        while (seconds > 0)
        {
            // Nothing is left to decide once the card runs at full clock below the limit and does not warm up.
            if (watts == 0 && ClockFraction >= 1 && Kelvin <= _cooling.MaximumKelvin)
            {
                Settle(seconds, 0);
                _untilLook -= seconds % _period;
                if (_untilLook <= 0)
                    _untilLook += _period;
                return;
            }
            var step = Math.Min(seconds, _untilLook);
            Settle(step, watts);
            seconds -= step;
            _untilLook -= step;
            if (_untilLook > 0)
                continue;
            _untilLook = _period;
            Look();
        }
    }

    private void Settle(double seconds, double watts)
    {
        var rules = _cooling.Rules;
        var heat = _cooling.IdleDieWatts + _cooling.DieShare * watts;
        _junction = Towards(_junction, heat * _cooling.JunctionKelvinPerWatt, seconds / rules.JunctionSeconds);
        _sink = Towards(_sink, heat * _cooling.SinkKelvinPerWatt, seconds / rules.SinkSeconds);
        AverageWatts = Towards(AverageWatts, watts, seconds / rules.SensorSeconds);
    }

    private void Look()
    {
        var rules = _cooling.Rules;
        if (Kelvin > _cooling.MaximumKelvin)
            ClockFraction = Math.Max(rules.LowestFraction, ClockFraction - rules.StepFraction);
        else if (Kelvin < _cooling.MaximumKelvin - rules.HysteresisKelvin)
            ClockFraction = Math.Min(1, ClockFraction + rules.StepFraction);
    }

    private static double Towards(double from, double to, double timeConstants) => to + (from - to) * Math.Exp(-timeConstants);
}
