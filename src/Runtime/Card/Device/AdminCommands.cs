using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Commands of the admin channel about the card as a whole and about clients.</summary>
internal sealed class AdminCommands(
    Func<IdentifyPage> identify,
    LogPages pages,
    DmaEngine dma,
    ResetControl reset,
    ChannelTable channels,
    ChannelControl control,
    ContextTable contexts,
    EventReporter events,
    CommandRunner runner
)
{
    /// <summary>Destination, Length: room for the page.</summary>
    public IEnumerator<long> Identify(DeviceCommand c) => Send(c, identify().ToBytes());

    /// <summary>Arg0: page; Destination, Length: room for it.</summary>
    public IEnumerator<long> GetLog(DeviceCommand c) =>
        pages.Read((LogPage)c.Entry.Arg0) is { } page ? Send(c, page) : runner.Answer(c, StatusCode.BadField);

    /// <summary>Answered when the card has something to report.</summary>
    public IEnumerator<long> AwaitEvent(DeviceCommand c)
    {
        runner.Detach(c);
        events.Take(c);
        yield break;
    }

    /// <summary>Arg0: channel; Arg1: cid. Result 0: the command is answered 0004, before this answer; 1: there is no such command in
    /// flight.</summary>
    public IEnumerator<long> Abort(DeviceCommand c)
    {
        var channel = channels.FindIo(c.Entry.Arg0);
        var target =
            channel is null ? null
            : channel.Running?.Entry.Cid == c.Entry.Arg1 ? channel.Running
            : channel.Pending.FirstOrDefault(p => p.Entry.Cid == c.Entry.Arg1);
        if (target is null)
        {
            runner.Finish(c, StatusCode.Ok, 1);
            yield break;
        }

        // The admin channel continues while the command runs to its boundary.
        target.WhenFinal.Add(() => runner.Finish(c, StatusCode.Ok));
        runner.Detach(c);
        runner.RequestStop(target, StatusCode.Aborted);
    }

    /// <summary>Answers with the device's own time, ns, low and high dword. The host's time in Arg0 and Arg1 is not used.</summary>
    public IEnumerator<long> SyncTime(DeviceCommand c)
    {
        var now = reset.UptimeNs;
        runner.Finish(c, StatusCode.Ok, (uint)now, (uint)(now >> 32));
        yield break;
    }

    /// <summary>
    /// Arg0: client. Its commands die unanswered, its contexts are closed and zeroed, its channels freed. May be repeated. Answers with the
    /// number of contexts closed, after every write to the client's memory has landed.
    /// </summary>
    public IEnumerator<long> Terminate(DeviceCommand c)
    {
        var client = (int)c.Entry.Arg0;
        if (client == 0)
        {
            runner.Finish(c, StatusCode.NoPermission);
            yield break;
        }
        foreach (var channel in channels.Io.Where(h => h.State != ChannelState.Free && h.Client == client).ToArray())
            control.Discard(channel);
        runner.Finish(c, StatusCode.Ok, (uint)contexts.CloseAll(x => x.Client == client));
    }

    /// <summary>Writes as much of a page as the command has room for and answers with its length.</summary>
    private IEnumerator<long> Send(DeviceCommand c, byte[] page)
    {
        var data = page.AsSpan(0, (int)Math.Min((uint)page.Length, c.Entry.Length)).ToArray();
        if (data.Length == 0)
        {
            runner.Finish(c, page.Length == 0 ? StatusCode.Ok : StatusCode.DmaLength);
            yield break;
        }
        var status = dma.Scatter(c, c.Entry.Destination, data, out var ns);
        yield return ns;
        runner.Finish(c, status, status == StatusCode.Ok ? (uint)data.Length : 0);
    }
}
