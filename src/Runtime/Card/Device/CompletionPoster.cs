using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Writes completions into host memory and announces them by interrupts.</summary>
internal sealed class CompletionPoster(DeviceTimer timer, DmaEngine dma, FaultInjector faults, PcieLink link)
{
    /// <summary>When a count is set without a timer: a completion waits no longer than this.</summary>
    private const int DefaultCoalesceUs = 100;

    /// <summary>Called when a completion ring turns out not to be mapped.</summary>
    public Action<DeviceChannel>? RingLost { get; set; }

    /// <summary>Writes one completion; there must be room. The completion of a stream that continues names no command.</summary>
    public void Post(DeviceChannel channel, CompletionEntry entry, DeviceCommand? final, bool interrupt = false)
    {
        var wasEmpty = channel.CqHead == channel.CqTail;
        var at = channel.CqTail;
        var phase = channel.Phase;
        channel.CqTail = (channel.CqTail + 1) % channel.CqEntries;
        if (channel.CqTail == 0)
            channel.Phase = !channel.Phase;
        if (channel.Index != 0 && faults.Strike(FaultKind.PhaseStuck, entry.Cid) is not null)
            phase = !phase;
        var bytes = new byte[CompletionEntry.Size];
        (entry with { SqHead = (ushort)channel.SqHead, Channel = (ushort)channel.Index, Phase = phase }).Write(bytes);
        var force = interrupt || final is not null && final.Entry.Flags.HasFlag(CommandFlags.Interrupt);
        var address = channel.CqBase + (ulong)(at * CompletionEntry.Size);
        const int Half = CompletionEntry.Size / 2;
        if (channel.Index != 0 && faults.Strike(FaultKind.TornCompletion, entry.Cid) is { } torn)
        {
            dma.WriteLate(channel.Client, address, bytes[..Half], torn.Argument * 1000L);
            (address, bytes) = (address + Half, bytes[Half..]);
        }
        dma.Write(channel.Client, address, bytes, mapped =>
        {
            if (channel.State != ChannelState.Running)
                return;
            if (!mapped)
                RingLost?.Invoke(channel);
            else
                Landed(channel, wasEmpty, force);
        });
        if (final is not null)
            Release(channel, final);
    }

    /// <summary>Frees the cid of an answered command and runs what waits for its answer.</summary>
    public static void Release(DeviceChannel channel, DeviceCommand command)
    {
        if (command.Stop != StatusCode.CidInUse)
            channel.InFlight.Remove(command.Entry.Cid);
        foreach (var action in command.WhenFinal)
            action();
        command.WhenFinal.Clear();
    }

    /// <summary>Sends the channel's interrupt.</summary>
    public void Announce(DeviceChannel channel)
    {
        channel.HeldBack = 0;
        channel.Announced++;
        if (channel.Vector == SubmissionEntry.NoVector)
            return;
        if (faults.Strike(FaultKind.SingleVector, 0) is not null)
            link.LimitVectors(1);
        if (faults.Strike(FaultKind.LostInterrupt, 0) is null)
            link.Interrupt(channel.Vector);
        if (faults.Strike(FaultKind.InterruptStorm, 0) is { } storm)
            for (var i = 1; i <= storm.Argument; i++)
                timer.After(i * 10_000L, () => link.Interrupt(channel.Vector));
    }

    private void Landed(DeviceChannel channel, bool wasEmpty, bool force)
    {
        channel.HeldBack++;
        var isCoalesced = channel.CoalesceCount > 0 || channel.CoalesceUs > 0;
        if (force || !isCoalesced && wasEmpty || channel.CoalesceCount > 0 && channel.HeldBack >= channel.CoalesceCount)
        {
            Announce(channel);
        }
        else if (isCoalesced && channel.HeldBack == 1)
        {
            // The timer runs from the first completion held back; an interrupt in between makes it void.
            var announced = channel.Announced;
            var us = channel.CoalesceUs > 0 ? channel.CoalesceUs : DefaultCoalesceUs;
            timer.After(us * 1000L, () =>
            {
                if (channel.HeldBack > 0 && channel.Announced == announced)
                    Announce(channel);
            });
        }
    }
}
