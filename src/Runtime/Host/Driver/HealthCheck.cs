using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Looks at a card from time to time: does it answer, was it reset, does its firmware run.</summary>
internal sealed class HealthCheck(PcieLink link, DriverTimeouts timeouts, uint generation)
{
    /// <summary>The two clocks run at one rate in the simulation: a difference beyond this is a jump.</summary>
    private const int MostSkewNs = 1_000_000;

    private long _lastHeartbeatAt = link.Clock.Now;
    private uint _lastHeartbeat;
    private uint _offset = Offset(link);
    private int? _skewUs;

    /// <summary>When the next look is due, ns.</summary>
    public long NextNs { get; private set; } = link.Clock.Now + DriverTimeouts.Ns(timeouts.Health);

    /// <summary>By how much the device's clock has jumped against the host's, µs; null when it has not since the last call.</summary>
    public int? TakeSkewUs()
    {
        var skew = _skewUs;
        _skewUs = null;
        return skew;
    }

    /// <summary>Looks at the card; returns why its session must end, null when it may continue.</summary>
    public StatusCode? Check()
    {
        NextNs = link.Clock.Now + DriverTimeouts.Ns(timeouts.Health);
        if (link.Read(Bar.Control, Bar0.Id) == Bar0.AllOnes)
            return StatusCode.Link;
        if (link.Read(Bar.Control, Bar0.ResetGeneration) != generation || (link.Read(Bar.Control, Bar0.Status) & Bar0.StatusFatal) != 0)
            return StatusCode.DeviceReset;
        var heartbeat = link.Read(Bar.Control, Bar0.Heartbeat);
        if (heartbeat != _lastHeartbeat)
            (_lastHeartbeat, _lastHeartbeatAt) = (heartbeat, link.Clock.Now);
        else if (link.Clock.Now - _lastHeartbeatAt >= DriverTimeouts.Ns(timeouts.Heartbeat))
            return StatusCode.Watchdog;
        CompareClocks();
        return null;
    }

    // Times of tokens are the host's; the device's are taken relative to them from here on.
    private void CompareClocks()
    {
        var offset = Offset(link);
        var moved = unchecked((int)(offset - _offset));
        _offset = offset;
        if (Math.Abs((long)moved) > MostSkewNs)
            _skewUs = moved / 1000;
    }

    // Device time less host time, ns, modulo 2³²: the low dword tells jumps of up to two seconds.
    private static uint Offset(PcieLink link) => unchecked(link.Read(Bar.Control, Bar0.TimeNs) - (uint)link.Clock.Now);
}
