using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Ends channels: after an error, with an answer to what they hold, or silently.</summary>
internal sealed class ChannelControl(
    ChannelTable channels,
    ContextTable contexts,
    CommandRunner runner,
    EventReporter events,
    CardState state,
    RasLog ras,
    PcieLink link
)
{
    /// <summary>
    /// Ends a channel: what the device holds is answered 0007 as far as the completion ring has room, its contexts are closed and zeroed,
    /// and the driver is told. Commands still in host memory are lost; the driver answers for them.
    /// </summary>
    public void Fail(DeviceChannel channel, StatusCode code)
    {
        if (channel.State != ChannelState.Running)
            return;
        var held = new List<DeviceCommand>();
        if (channel.Running is { } running)
            held.Add(running);
        held.AddRange(channel.Pending);
        channel.Pending.Clear();
        foreach (var command in held.Where(c => !c.IsFinal))
            if (code != StatusCode.BadDoorbell && !channel.IsCqFull && channel.Blocked.Count == 0)
                runner.Finish(command, StatusCode.DeviceReset);
            else
                command.IsFinal = true;
        channel.Running = null;
        channel.Blocked.Clear();
        channel.State = ChannelState.Error;
        contexts.CloseAll(c => c.Channel == channel.Index);
        if (channel.Index == 0)
        {
            ras.Add(RasSource.Firmware, RasClass.Fatal, code, 0, 0);
            state.Set(DeviceState.Fatal);
            link.Interrupt(0);
            return;
        }
        events.Raise(DeviceEventKind.ChannelError, channel.Index, code);
        if (state.Current == DeviceState.Running)
            state.Set(DeviceState.Degraded);
    }

    /// <summary>Returns a channel to FREE without notifying the host.</summary>
    public void Discard(DeviceChannel channel)
    {
        if (channel.Running is { } running)
            running.IsFinal = true;
        foreach (var command in channel.Pending)
            command.IsFinal = true;
        channels.Renew(channel);
        channel.State = ChannelState.Free;
        if (state.Current == DeviceState.Degraded && channels.All.All(c => c.State != ChannelState.Error))
            state.Set(DeviceState.Running);
    }

    /// <summary>Discards every channel, the admin channel included.</summary>
    public void DiscardAll()
    {
        foreach (var channel in channels.All.ToArray())
            Discard(channel);
    }

    /// <summary>Answers a command that moved data. Data that came damaged or not at all ends the channel: its commands may have seen
    /// it.</summary>
    public void FinishTransfer(DeviceCommand command, StatusCode status, uint result = 0, uint aux = 0)
    {
        runner.Finish(command, status, status == StatusCode.Ok ? result : 0, status == StatusCode.Ok ? aux : 0);
        if (status is not (StatusCode.PoisonedData or StatusCode.Timeout or StatusCode.IommuFault))
            return;
        ras.Add(RasSource.Pcie, RasClass.Contained, status, command.Channel.Index, command.Entry.Source);
        if (status != StatusCode.IommuFault)
            Fail(command.Channel, status);
    }
}
