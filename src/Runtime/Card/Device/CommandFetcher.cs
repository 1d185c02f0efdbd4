using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Reads commands out of submission rings, checks them and queues them on their channels.</summary>
internal sealed class CommandFetcher(
    LatencyModel latency,
    DeviceTimer timer,
    DmaEngine dma,
    FaultInjector faults,
    RasLog ras,
    ChannelControl control,
    ContextTable contexts,
    CommandRunner runner
)
{
    /// <summary>Commands that a channel holds on the device beside the running one.</summary>
    private const int Window = 32;

    private FaultSpec? _flipAgain;

    /// <summary>The host has placed commands up to <paramref name="tail"/>.</summary>
    public void SetTail(DeviceChannel channel, uint tail)
    {
        if (channel.State != ChannelState.Running)
            return;
        if (tail >= channel.SqEntries)
        {
            control.Fail(channel, StatusCode.BadDoorbell);
            return;
        }
        channel.SqTail = (int)tail;
        Fetch(channel);
    }

    /// <summary>Fetches the next command when there is one, and room for it.</summary>
    public void Fetch(DeviceChannel channel)
    {
        if (
            channel.IsFetching
            || channel.State != ChannelState.Running
            || channel.SqHead == channel.SqTail
            || channel.Pending.Count >= Window
        )
            return;
        channel.IsFetching = true;
        Read(channel, isRetry: false);
    }

    private void Read(DeviceChannel channel, bool isRetry) =>
        timer.After(latency.DmaReadNs(SubmissionEntry.Size), () => Fetched(channel, isRetry));

    private void Fetched(DeviceChannel channel, bool isRetry)
    {
        if (channel.State != ChannelState.Running)
            return;
        var address = channel.SqBase + (ulong)(channel.SqHead * SubmissionEntry.Size);
        var bytes = new byte[SubmissionEntry.Size];
        if (dma.Read(channel.Client, address, bytes) != StatusCode.Ok)
        {
            control.Fail(channel, StatusCode.IommuFault);
            return;
        }
        if (channel.Index != 0)
            FlipBit(bytes, isRetry);
        if (!SubmissionEntry.CrcHolds(bytes))
        {
            // Nothing in a damaged command can be trusted, its cid least of all: read it again, then end the channel.
            var severity = isRetry ? RasClass.Contained : RasClass.Correctable;
            ras.Add(RasSource.Pcie, severity, StatusCode.PoisonedData, channel.Index, address);
            if (isRetry)
                control.Fail(channel, StatusCode.PoisonedData);
            else
                Read(channel, isRetry: true);
            return;
        }
        channel.SqHead = (channel.SqHead + 1) % channel.SqEntries;
        channel.IsFetching = false;
        Accept(channel, SubmissionEntry.Read(bytes));
        Fetch(channel);
    }

    private void FlipBit(byte[] bytes, bool isRetry)
    {
        if ((faults.Strike(FaultKind.CommandBitFlip, SubmissionEntry.Read(bytes).Cid) ?? _flipAgain) is not { } flip)
            return;
        var bit = FaultInjector.Choose(flip.Seed, SubmissionEntry.Size * 8);
        bytes[bit / 8] ^= (byte)(1 << bit % 8);
        _flipAgain = flip.Argument == 1 && !isRetry ? flip : null;
    }

    private void Accept(DeviceChannel channel, SubmissionEntry entry)
    {
        var isReused = channel.Index != 0 && faults.Strike(FaultKind.CidReuse, entry.Cid) is not null;
        var command = new DeviceCommand(channel, entry);
        if (isReused || !channel.InFlight.Add(entry.Cid))
        {
            // Not entered in the in-flight set: its answer must not free the cid of the command that owns it.
            command.Stop = StatusCode.CidInUse;
        }
        if (channel.Index != 0 && entry.Opcode == Opcode.Cancel)
            contexts.Stop(channel.Client, entry.Context);
        channel.Pending.Enqueue(command);
        runner.StartNext(channel);
    }
}
