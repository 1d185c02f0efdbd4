using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Boots, resets and loses the card, and watches its firmware.</summary>
internal sealed class ResetControl(
    CardOptions options,
    DeviceTimer timer,
    PcieLink link,
    DmaEngine dma,
    ChannelControl control,
    ContextTable contexts,
    EventReporter events,
    CardState state,
    ImageLoader image,
    EnableControl enable,
    CorePipeline pipeline,
    Sram sram,
    RasLog ras
)
{
    /// <summary>Time between two steps of the heartbeat register.</summary>
    private const long HeartbeatNs = 10_000_000;

    private long _bootedAt,
        _jumpNs;

    /// <summary>The watchdog resets a card whose firmware has hung for so long; 0 = no watchdog.</summary>
    public uint WatchdogMs { get; set; }

    /// <summary>Time since the boot began, by the device's clock.</summary>
    public long UptimeNs => timer.Now - _bootedAt + _jumpNs;

    /// <summary>Heartbeats of the firmware since the boot began.</summary>
    public uint Heartbeat => (uint)((timer.FirmwareNow - _bootedAt) / HeartbeatNs);

    /// <summary>The device's clock jumps ahead.</summary>
    public void JumpClock(long ns) => _jumpNs += ns;

    /// <summary>Boot ROM, then loader, then ready to be enabled; a card whose ROM is broken ends there.</summary>
    public void Boot()
    {
        state.Set(DeviceState.BootRom);
        (_bootedAt, _jumpNs) = (timer.Now, 0);
        timer.After(options.BootStageNs, () =>
        {
            state.Set(DeviceState.Loader);
            timer.After(options.BootStageNs, () =>
            {
                if (state.IsRomBroken)
                {
                    ras.Add(RasSource.Rom, RasClass.Fatal, StatusCode.EccFatal, 0, 0);
                    state.Set(DeviceState.Fatal);
                    return;
                }
                state.Set(DeviceState.ReadyNoImage);
                enable.OpenAdmin();
            });
        });
    }

    /// <summary>Forgets rings, contexts and image, and boots again. Nothing that was under way reaches the host any more.</summary>
    public void Reset()
    {
        if (state.Current == DeviceState.Gone)
            return;
        Forget();
        state.ResetGeneration++;
        state.Set(DeviceState.Resetting);
        timer.After(options.ResetNs, Boot);
    }

    /// <summary>The card is pulled out of its slot.</summary>
    public void Remove()
    {
        Forget();
        state.Set(DeviceState.Gone);
        link.GoDown(null);
    }

    /// <summary>The link goes down for <paramref name="ns"/> and comes back through a hot reset.</summary>
    public void LoseLink(long ns)
    {
        link.GoDown(ns);
        Reset();
    }

    /// <summary>Firmware stops. The watchdog, if set, resets the card; else the driver finds the heartbeat stopped.</summary>
    public void Hang()
    {
        timer.Hang();
        if (WatchdogMs != 0)
            timer.AfterInHardware(WatchdogMs * 1_000_000L, ResetByWatchdog);
    }

    /// <summary>The watchdog resets the card.</summary>
    public void ResetByWatchdog()
    {
        ras.Add(RasSource.Firmware, RasClass.Fatal, StatusCode.Watchdog, 0, 0);
        Reset();
    }

    private void Forget()
    {
        timer.Restart();
        dma.Stop();
        control.DiscardAll();
        contexts.CloseAll();
        events.Forget();
        image.Forget();
        enable.Forget();
        WatchdogMs = 0;
        state.IsPowerBroken = false;
        pipeline.Reset();
        sram.Clear();
    }
}
