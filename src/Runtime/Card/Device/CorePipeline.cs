using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The chip's layer pipeline in time: when the next pass may enter, what passes have cost, and the sensors that follow from
/// it.</summary>
internal sealed class CorePipeline(CardOptions options, DeviceTimer timer, BusTrace? trace)
{
    private long _freeAt;
    private double _passWatts;

    /// <summary>Time until a pass may enter, ns; 0 or less when it may now.</summary>
    public long WaitNs => _freeAt - timer.Now;

    /// <summary>Tokens evaluated, prompt tokens included.</summary>
    public long Tokens { get; private set; }

    /// <summary>Passes over the chip.</summary>
    public long Passes { get; private set; }

    /// <summary>Sum over passes of their length, ns.</summary>
    public double BusyNs { get; private set; }

    /// <summary>Energy of all passes above idle.</summary>
    public double Joules { get; private set; }

    /// <summary>Power of the card now.</summary>
    public double Watts => options.IdleWatts + (WaitNs > 0 ? _passWatts : 0);

    /// <summary>Junction temperature now.</summary>
    public double Kelvin => options.AmbientKelvin + options.ThermalResistance * Watts;

    /// <summary>A pass enters now; returns its length, ns.</summary>
    public long Enter(PassCost cost, int tokens, string name, uint context)
    {
        var ns = (long)Math.Round(cost.Nanoseconds);
        _freeAt = timer.Now + (long)Math.Round(cost.InitiationNanoseconds);
        Tokens += tokens;
        Passes++;
        BusyNs += cost.Nanoseconds;
        Joules += cost.Joules;
        _passWatts = cost.Nanoseconds > 0 ? cost.Joules / (cost.Nanoseconds * 1e-9) : 0;
        trace?.Add(new(timer.Now, ns, BusEventKind.Core, name, context, tokens));
        return ns;
    }

    /// <summary>The pass that entered last is given up; another may enter now.</summary>
    public void GiveUp() => _freeAt = Math.Min(_freeAt, timer.Now);

    /// <summary>A reset: the pipeline is empty.</summary>
    public void Reset() => _freeAt = 0;
}
