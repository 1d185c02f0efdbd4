using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The doorbells of BAR2: one page for each channel.</summary>
internal sealed class DoorbellPages(
    ChannelTable channels,
    ChannelControl control,
    CommandFetcher fetcher,
    CommandRunner runner,
    CompletionPoster completions,
    DeviceTimer timer,
    FaultInjector faults,
    RasLog ras
)
{
    /// <summary>Reads a dword: only the two shadows answer, the rest reads 0.</summary>
    public uint Read(int offset)
    {
        var channel = offset / Doorbell.PageSize;
        return channel >= channels.Count
            ? 0
            : (offset % Doorbell.PageSize) switch
            {
                Doorbell.SqHeadShadow => (uint)channels.All[channel].SqHead,
                Doorbell.CqTailShadow => (uint)channels.All[channel].CqTail,
                _ => 0,
            };
    }

    /// <summary>Rings a doorbell. One of an unowned or dead channel is ignored and counted as a correctable error.</summary>
    public void Write(int offset, uint value)
    {
        var index = offset / Doorbell.PageSize;
        if (index >= channels.Count || channels.All[index].State != ChannelState.Running)
        {
            ras.Add(RasSource.Pcie, RasClass.Correctable, StatusCode.QueueInvalid, index, (ulong)offset);
            return;
        }
        if (timer.IsHung)
            return;
        var channel = channels.All[index];
        switch (offset % Doorbell.PageSize)
        {
            case Doorbell.SqTail:
                RingSubmission(channel, value);
                break;
            case Doorbell.CqHead:
                RingCompletion(channel, value);
                break;
            case Doorbell.IrqCoalesce:
                channel.CoalesceCount = (int)(value & 0xFF);
                channel.CoalesceUs = (int)(value >> 8 & 0xFFFF);
                break;
            case Doorbell.Flush:
                completions.Announce(channel);
                break;
            default:
                ras.UnknownRegister(offset);
                break;
        }
    }

    private void RingSubmission(DeviceChannel channel, uint tail)
    {
        if (channel.Index != 0)
        {
            if (faults.Strike(FaultKind.DropDoorbell, 0) is not null)
                return;
            if (faults.Strike(FaultKind.TailOutOfRange, 0) is not null)
                tail = (uint)channel.SqEntries;
            if (faults.Strike(FaultKind.DuplicateDoorbell, 0) is not null)
                timer.After(0, () => fetcher.SetTail(channel, tail));
        }
        fetcher.SetTail(channel, tail);
    }

    private void RingCompletion(DeviceChannel channel, uint head)
    {
        if (head >= channel.CqEntries)
        {
            control.Fail(channel, StatusCode.BadDoorbell);
            return;
        }
        channel.CqHead = (int)head;
        while (channel.Blocked.Count > 0 && !channel.IsCqFull)
        {
            var (entry, command) = channel.Blocked.Dequeue();
            completions.Post(channel, entry, command);
        }
        if (channel.Running is { IsParked: true } parked)
            runner.Resume(parked);
        runner.StartNext(channel);

        // The host may have emptied the ring before an entry landed whose interrupt was held back because the ring was not empty: tell it
        // again.
        if (channel.CqHead != channel.CqTail && channel.CoalesceCount == 0 && channel.CoalesceUs == 0)
            timer.After(0, () => completions.Announce(channel));
    }
}
