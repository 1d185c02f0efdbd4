using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Schedules what the device does later, and drops it when a reset or a hang of the firmware comes first.</summary>
internal sealed class DeviceTimer(SimulatedClock clock)
{
    private int _epoch;
    private long _hungAt;

    /// <summary>Simulated time, ns.</summary>
    public long Now => clock.Now;

    /// <summary>Firmware has stopped; only a reset starts it again.</summary>
    public bool IsHung { get; private set; }

    /// <summary>The last time at which firmware ran, ns.</summary>
    public long FirmwareNow => IsHung ? _hungAt : clock.Now;

    /// <summary>Runs <paramref name="action"/> in firmware: not after a reset, nor once firmware hangs.</summary>
    public void After(long ns, Action action) => AfterInHardware(ns, () =>
        {
            if (!IsHung)
                action();
        });

    /// <summary>Runs <paramref name="action"/> in hardware: not after a reset, but although firmware hangs.</summary>
    public void AfterInHardware(long ns, Action action)
    {
        var epoch = _epoch;
        clock.At(clock.Now + ns, () =>
        {
            if (epoch == _epoch)
                action();
        });
    }

    /// <summary>Stops firmware.</summary>
    public void Hang() => (IsHung, _hungAt) = (true, clock.Now);

    /// <summary>A reset: drops everything scheduled.</summary>
    public void Restart()
    {
        _epoch++;
        IsHung = false;
    }
}
