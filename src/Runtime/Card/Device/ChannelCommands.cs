using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Admin commands that make and end channels. Each gives its status at once.</summary>
internal sealed class ChannelCommands(ChannelTable channels, ChannelControl control, EnableControl enable)
{
    private const uint MaxAskedEntries = 1u << 20;

    /// <summary>Source: ring; Arg0: channel; Arg1: entries − 1; Arg2: vector; Arg3: client.</summary>
    public StatusCode CreateCompletionRing(in SubmissionEntry e)
    {
        if (channels.FindIo(e.Arg0) is not { State: ChannelState.Free } channel)
            return StatusCode.QueueInvalid;
        if (!IsRing(e, CompletionEntry.Size, out var entries))
            return StatusCode.QueueInvalid;
        (channel.Client, channel.CqBase, channel.CqEntries, channel.Vector) = ((int)e.Arg3, e.Source, entries, (int)(e.Arg2 & 0xFFFF));
        channel.State = ChannelState.Assigned;
        return StatusCode.Ok;
    }

    /// <summary>Source: ring; Arg0: channel; Arg1: entries − 1; Arg3: client.</summary>
    public StatusCode CreateSubmissionRing(in SubmissionEntry e)
    {
        if (channels.FindIo(e.Arg0) is not { State: ChannelState.Assigned } channel || channel.Client != (int)e.Arg3)
            return StatusCode.QueueInvalid;
        if (!IsRing(e, SubmissionEntry.Size, out var entries))
            return StatusCode.QueueInvalid;
        (channel.SqBase, channel.SqEntries) = (e.Source, entries);
        channel.State = ChannelState.Running;
        return StatusCode.Ok;
    }

    /// <summary>Arg0: channel. What it holds is answered 0007, its contexts are closed.</summary>
    public StatusCode DeleteSubmissionRing(in SubmissionEntry e)
    {
        if (channels.FindIo(e.Arg0) is not { State: ChannelState.Running or ChannelState.Error } channel)
            return StatusCode.QueueInvalid;
        control.Fail(channel, StatusCode.DeviceReset);
        return StatusCode.Ok;
    }

    /// <summary>Arg0: channel, which is free afterwards.</summary>
    public StatusCode DeleteCompletionRing(in SubmissionEntry e)
    {
        if (channels.FindIo(e.Arg0) is not { State: ChannelState.Assigned or ChannelState.Error } channel)
            return StatusCode.QueueInvalid;
        control.Discard(channel);
        return StatusCode.Ok;
    }

    private bool IsRing(in SubmissionEntry e, int size, out int entries)
    {
        entries = (int)Math.Min(e.Arg1, MaxAskedEntries) + 1;
        return enable.IsRing((int)e.Arg3, e.Source, entries, size);
    }
}
