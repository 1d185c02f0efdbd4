using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Brings a card from any state to one that takes admin commands.</summary>
internal static class BringUp
{
    private const long PollNs = 1_000_000;

    /// <summary>Waits for link and boot, resets a card that an earlier session left enabled, and enables it; returns its reset
    /// generation.</summary>
    /// <exception cref="DriverException">The card does not answer or boot in time.</exception>
    public static uint Run(PcieLink link, DriverTimeouts timeouts, AdminQueue admin)
    {
        PollUntil(link, () => IsThere(link), timeouts.Link, StatusCode.Link, "no card answers on the link");
        if ((link.Read(Bar.Control, Bar0.Control) & Bar0.ControlEnable) != 0)
        {
            link.Write(Bar.Control, Bar0.Reset, Bar0.ResetKey);
            PollUntil(link, () => IsThere(link), timeouts.Reset, StatusCode.DeviceReset, "the card did not leave reset");
        }
        PollUntil(link, () => StateOf(link) >= DeviceState.ReadyNoImage, timeouts.Boot, StatusCode.Timeout, "the card did not boot");
        var generation = link.Read(Bar.Control, Bar0.ResetGeneration);
        admin.Register();
        link.Write(Bar.Control, Bar0.Control, Bar0.ControlEnable | 4 << 4 | 6 << 8);
        PollUntil(
            link,
            () => (link.Read(Bar.Control, Bar0.Status) & Bar0.StatusReady) != 0,
            timeouts.Boot,
            StatusCode.Timeout,
            "the card did not become ready"
        );
        return generation;
    }

    /// <summary>Lets a running card end what it does and give up its image, without a reset; false when it does not run.</summary>
    /// <exception cref="DriverException">The card does not end in time.</exception>
    public static bool ShutDown(PcieLink link, DriverTimeouts timeouts)
    {
        if (StateOf(link) is not (DeviceState.Running or DeviceState.Degraded or DeviceState.ReadyNoImage))
            return false;
        link.Write(Bar.Control, Bar0.Control, link.Read(Bar.Control, Bar0.Control) | Bar0.ControlShutdownNormal);
        PollUntil(
            link,
            () => (link.Read(Bar.Control, Bar0.Status) >> 2 & 3) == 2,
            timeouts.Control,
            StatusCode.Timeout,
            "the card did not shut down"
        );
        link.Write(Bar.Control, Bar0.Control, 0);
        return true;
    }

    /// <summary>The state that the card reports; off when it does not answer.</summary>
    public static DeviceState StateOf(PcieLink link) =>
        (link.Read(Bar.Control, Bar0.Status) >> 16) is var state && state == 0xFFFF ? DeviceState.Off : (DeviceState)state;

    private static bool IsThere(PcieLink link) => link.Read(Bar.Control, Bar0.Id) == Bar0.IdValue;

    private static void PollUntil(PcieLink link, Func<bool> done, TimeSpan timeout, StatusCode code, string message)
    {
        var deadline = link.Clock.Now + DriverTimeouts.Ns(timeout);
        while (!done())
        {
            if (link.Clock.Now >= deadline)
                throw new DriverException(code, $"{message} within {timeout.TotalMilliseconds} ms");
            link.Clock.AdvanceTo(link.Clock.Now + PollNs);
        }
    }
}
