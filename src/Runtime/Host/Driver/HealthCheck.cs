using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Looks at a card from time to time: does it answer, was it reset, does its firmware run.</summary>
internal sealed class HealthCheck(PcieLink link, DriverTimeouts timeouts, uint generation)
{
    private long _lastHeartbeatAt = link.Clock.Now;
    private uint _lastHeartbeat;

    /// <summary>When the next look is due, ns.</summary>
    public long NextNs { get; private set; } = link.Clock.Now + DriverTimeouts.Ns(timeouts.Health);

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
        return null;
    }
}
