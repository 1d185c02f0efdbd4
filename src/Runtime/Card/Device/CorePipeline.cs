using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The chip's layer pipeline in time: when the next pass may enter, what passes have cost, and the sensors that follow from
/// it.</summary>
internal sealed class CorePipeline(CardOptions options, DeviceTimer timer, BusTrace? trace)
{
    private readonly HeatPath? _heat = options.Cooling is { } cooling ? new HeatPath(cooling) : null;

    // Passes in flight: until when, and what each draws above idle.
    private readonly List<(long End, double Watts)> _flying = [];
    private bool _isThrottled;
    private long _freeAt;
    private long _seenAt;

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
    public double Watts => options.IdleWatts + _flying.Where(pass => pass.End > timer.Now).Sum(pass => pass.Watts);

    /// <summary>Power of the card as its sensor averages it.</summary>
    public double AverageWatts => Heat() is { } heat ? options.IdleWatts + heat.AverageWatts : Watts;

    /// <summary>Junction temperature now; 0 = not reported.</summary>
    public double Kelvin => Heat()?.Kelvin ?? 0;

    /// <summary>Clock over the nominal one, below 1 while the card is too hot.</summary>
    public double ClockFraction => Heat()?.ClockFraction ?? 1;

    /// <summary>Called when the clock falls below the nominal one, and when it is back; with the clock over the nominal one.</summary>
    public Action<double>? Throttled { get; set; }

    /// <summary>Whether the clock is lower than the nominal one; tells <see cref="Throttled"/> when that has changed.</summary>
    public bool LookAtClock()
    {
        var clock = ClockFraction;
        if (clock < 1 != _isThrottled)
        {
            _isThrottled = clock < 1;
            Throttled?.Invoke(clock);
        }
        return _isThrottled;
    }

    /// <summary>A pass enters now; returns its length, ns.</summary>
    public long Enter(PassCost cost, int tokens, string name, uint context)
    {
        LookAtClock();
        var clock = ClockFraction;
        var ns = (long)Math.Round(cost.Nanoseconds / clock);
        _freeAt = timer.Now + (long)Math.Round(cost.InitiationNanoseconds / clock);
        Tokens += tokens;
        Passes++;
        BusyNs += cost.Nanoseconds / clock;
        Joules += cost.Joules;
        // Its energy is spread over its length.
        if (ns > 0)
            _flying.Add((timer.Now + ns, cost.Joules / (ns * 1e-9)));
        trace?.Add(new(timer.Now, ns, BusEventKind.Core, name, context, tokens));
        return ns;
    }

    /// <summary>The pass that entered last is given up; another may enter now.</summary>
    public void GiveUp() => _freeAt = Math.Min(_freeAt, timer.Now);

    /// <summary>A reset: the pipeline is empty.</summary>
    public void Reset() => _freeAt = 0;

    // The heat path after what was drawn until now: power is constant between ends of passes.
    private HeatPath? Heat()
    {
        while (_seenAt < timer.Now)
        {
            var until = timer.Now;
            double watts = 0;
            foreach (var pass in _flying)
            {
                until = Math.Min(until, pass.End);
                watts += pass.Watts;
            }
            _heat?.Pass((until - _seenAt) * 1e-9, watts);
            _seenAt = until;
            _flying.RemoveAll(pass => pass.End <= until);
        }
        return _heat;
    }
}
