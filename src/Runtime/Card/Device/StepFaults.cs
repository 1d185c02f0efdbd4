using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The faults that strike at a step, i.e. before a prefill or one decoded token enters the chip.</summary>
internal sealed class StepFaults(
    FaultInjector faults,
    DeviceTimer timer,
    ChannelTable channels,
    ChannelControl control,
    CommandRunner runner,
    CardState state,
    ResetControl reset,
    RasLog ras,
    PcieLink link
)
{
    /// <summary>Whether a step continues; if not, its command has been answered or has died.</summary>
    public bool Pass(DeviceCommand c, DeviceContext context)
    {
        if (faults.Pending == 0)
            return true;
        if (Strikes(FaultKind.SpuriousInterrupt, c) is not null)
            link.Interrupt(c.Channel.Vector == SubmissionEntry.NoVector ? 0 : c.Channel.Vector);
        if (Strikes(FaultKind.ClockSkew, c) is { } skew)
            reset.JumpClock(skew.Argument * 1000L);
        return !IsPoisoned(c, context) && !FailsCommand(c, context) && !StopsCard(c);
    }

    private FaultSpec? Strikes(FaultKind kind, DeviceCommand c) => faults.Strike(kind, c.Entry.Cid);

    private bool IsPoisoned(DeviceCommand c, DeviceContext context)
    {
        if (Strikes(FaultKind.KvBit, c) is not { } bit)
            return false;
        var isDouble = bit.Argument == 2;
        var severity = isDouble ? RasClass.Contained : RasClass.Correctable;
        ras.Add(RasSource.KvSram, severity, StatusCode.EccContained, c.Channel.Index, context.Handle);
        if (!isDouble)
            return false;
        context.IsPoisoned = true;
        runner.Finish(c, StatusCode.EccContained, 0, (uint)context.Length);
        control.Fail(c.Channel, StatusCode.EccContained);
        return true;
    }

    private bool FailsCommand(DeviceCommand c, DeviceContext context)
    {
        if (Strikes(FaultKind.RomStuckBit, c) is { } stuck)
        {
            FindStuckCell(c, context, isSpared: stuck.Argument != 2);
            return true;
        }
        if (Strikes(FaultKind.NanLogits, c) is not null)
        {
            runner.Finish(c, StatusCode.NotANumber, 0, (uint)context.Length);
            return true;
        }
        if (Strikes(FaultKind.ThermalCritical, c) is { } heat)
        {
            var before = state.Current;
            ras.Add(RasSource.Thermal, RasClass.Contained, StatusCode.ThermalStop, c.Channel.Index, 0);
            runner.Finish(c, StatusCode.ThermalStop, 0, (uint)context.Length);
            state.Set(DeviceState.ThermalStop);
            StopRunning(StatusCode.ThermalStop);
            timer.After(heat.Argument * 1_000_000L, () => state.Set(before));
            return true;
        }
        if (Strikes(FaultKind.PowerBreak, c) is { } power)
        {
            ras.Add(RasSource.Power, RasClass.Contained, StatusCode.PowerBreak, c.Channel.Index, 0);
            runner.Finish(c, StatusCode.PowerBreak, 0, (uint)context.Length);
            state.IsPowerBroken = true;
            StopRunning(StatusCode.PowerBreak);
            timer.After(power.Argument * 1_000_000L, () => state.IsPowerBroken = false);
            return true;
        }
        return false;
    }

    /// <summary>The parity of a ROM row does not hold: what the pass computed is not given out. A spare row takes the cell's place; without
    /// one the card is of no more use, and a reset does not change that.</summary>
    private void FindStuckCell(DeviceCommand c, DeviceContext context, bool isSpared)
    {
        var severity = isSpared ? RasClass.Contained : RasClass.Fatal;
        ras.Add(RasSource.Rom, severity, StatusCode.EccFatal, c.Channel.Index, context.Handle);
        runner.Finish(c, StatusCode.EccFatal, 0, (uint)context.Length);
        if (isSpared)
            return;
        state.IsRomBroken = true;
        state.Set(DeviceState.Fatal);
        StopRunning(StatusCode.DeviceReset);
    }

    private bool StopsCard(DeviceCommand c)
    {
        if (Strikes(FaultKind.FirmwareHang, c) is not null)
            reset.Hang();
        else if (Strikes(FaultKind.WatchdogReset, c) is not null)
            reset.ResetByWatchdog();
        else if (Strikes(FaultKind.FunctionReset, c) is not null)
            reset.Reset();
        else if (Strikes(FaultKind.LinkDown, c) is { } down)
            reset.LoseLink(down.Argument * 1_000_000L);
        else if (Strikes(FaultKind.SurpriseRemoval, c) is not null)
            reset.Remove();
        else
            return false;
        return true;
    }

    private void StopRunning(StatusCode code)
    {
        foreach (var channel in channels.Io)
            if (channel.Running is { } running)
                runner.RequestStop(running, code);
    }
}
