using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>CONTROL and the registers of the admin rings: enabling, disabling and shutting the card down.</summary>
internal sealed class EnableControl(
    CardOptions options,
    HostMemory memory,
    DeviceTimer timer,
    ChannelTable channels,
    ChannelControl control,
    ContextTable contexts,
    CommandRunner runner,
    EventReporter events,
    CardState state,
    ImageLoader image,
    RasLog ras
)
{
    private const long DrainPollNs = 10_000;

    /// <summary>The CONTROL register.</summary>
    public uint Control { get; private set; }

    /// <summary>0 while the card is in use, 1 while it shuts down, 2 when it has.</summary>
    public uint ShutdownStage { get; private set; }

    /// <summary>Bus address of the admin submission ring.</summary>
    public ulong AdminSqBase { get; set; }

    /// <summary>Bus address of the admin completion ring.</summary>
    public ulong AdminCqBase { get; set; }

    /// <summary>Entries of the admin rings − 1: submission in bits 0–11, completion in bits 16–27.</summary>
    public uint AdminQueueSize { get; set; }

    /// <summary>The host has enabled the card.</summary>
    public bool IsEnabled => (Control & Bar0.ControlEnable) != 0;

    /// <summary>Writes CONTROL.</summary>
    public void Write(uint value)
    {
        var wasEnabled = IsEnabled;
        Control = value;
        if (!wasEnabled && IsEnabled)
        {
            ShutdownStage = 0;
            OpenAdmin();
        }
        if (wasEnabled && !IsEnabled)
        {
            // Disabling is a stop without a boot: rings and contexts go, the image stays.
            events.Close();
            control.DiscardAll();
            contexts.CloseAll();
        }
        if ((value & (Bar0.ControlShutdownNormal | Bar0.ControlShutdownAbrupt)) != 0 && ShutdownStage == 0)
            Shutdown((value & Bar0.ControlShutdownAbrupt) != 0);
    }

    /// <summary>Opens the admin channel once the boot is over and ENABLE is set, whichever comes last.</summary>
    public void OpenAdmin()
    {
        if (!IsEnabled || events.IsReady || state.Current is < DeviceState.ReadyNoImage or DeviceState.Fatal)
            return;
        var sq = (int)(AdminQueueSize & 0xFFF) + 1;
        var cq = (int)(AdminQueueSize >> 16 & 0xFFF) + 1;
        if (!IsRing(0, AdminSqBase, sq, SubmissionEntry.Size) || !IsRing(0, AdminCqBase, cq, CompletionEntry.Size))
        {
            ras.Add(RasSource.Firmware, RasClass.Fatal, StatusCode.QueueInvalid, 0, AdminSqBase);
            state.Set(DeviceState.Fatal);
            return;
        }
        var admin = channels.Admin;
        (admin.SqBase, admin.SqEntries, admin.CqBase, admin.CqEntries) = (AdminSqBase, sq, AdminCqBase, cq);
        admin.State = ChannelState.Running;
        events.IsReady = true;
    }

    /// <summary>Whether a client has pinned a ring of <paramref name="entries"/> entries at an address, and the card can take it.</summary>
    public bool IsRing(int client, ulong address, int entries, int size) =>
        entries >= 2
        && entries <= options.MaxRingEntries
        && int.IsPow2(entries)
        && (address & 0xFFF) == 0
        && memory.TryMap(client, address, entries * size, out _);

    /// <summary>A reset: the card is not enabled.</summary>
    public void Forget() => (Control, ShutdownStage) = (0, 0);

    private void Shutdown(bool isAbrupt)
    {
        ShutdownStage = 1;
        if (state.Current is DeviceState.Running or DeviceState.Degraded)
            state.Set(DeviceState.Draining);
        if (isAbrupt)
            foreach (var command in channels.Io.SelectMany(h => h.Pending.Append(h.Running)).OfType<DeviceCommand>().ToArray())
                runner.RequestStop(command, StatusCode.Aborted);
        WaitForDrain();
    }

    private void WaitForDrain()
    {
        if (channels.Io.Any(h => h.State == ChannelState.Running && (h.Running is not null || h.Pending.Count > 0)))
        {
            timer.After(DrainPollNs, WaitForDrain);
            return;
        }
        contexts.CloseAll();
        image.Unload();
        ShutdownStage = 2;
        if (state.Current == DeviceState.Draining)
            state.Set(DeviceState.ReadyNoImage);
    }
}
