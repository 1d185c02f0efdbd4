using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// A ring pair of one client. Commands run in order. Every accepted command gets exactly one final completion: from the device or, when the
/// channel or the card dies, from the driver.
/// </summary>
public sealed class Channel
{
    private readonly CardSession _session;
    private readonly HostRing _ring;
    private readonly Mailbox _mail = new();
    private uint _seenSqHead,
        _seenCqTail;
    private int _seenTail,
        _seenCqHead;
    private bool _isTornNoted;

    internal Channel(CardSession session, int index, int client, ChannelMode mode, HostRing ring)
    {
        _session = session;
        _ring = ring;
        Index = index;
        Client = client;
        Mode = mode;
    }

    /// <summary>Number of the channel on the card, 1 ….</summary>
    public int Index { get; }

    /// <summary>How the host learns of completions.</summary>
    public ChannelMode Mode { get; }

    internal int Client { get; }

    /// <summary>Why the channel is dead; null while it lives.</summary>
    public StatusCode? Dead { get; private set; }

    /// <summary>Commands accepted and not yet finally answered.</summary>
    public int InFlight => _mail.InFlight;

    /// <summary>An interrupt has come since the ring was last looked at.</summary>
    internal bool IsSignalled { get; set; }

    /// <summary>
    /// Places commands in order and rings the doorbell once. Returns how many were accepted: fewer than given when the ring is full. A cid
    /// must not be in flight, reserved flag bits must be zero.
    /// </summary>
    /// <exception cref="DriverException">The channel is dead, a cid is in use (0104) or reserved bits are set (0003).</exception>
    public int Submit(ReadOnlySpan<SubmissionEntry> entries)
    {
        lock (_session.Gate)
        {
            ThrowIfDead();
            var fresh = new HashSet<ushort>();
            foreach (var entry in entries)
            {
                if (entry.HasReservedFlags)
                    throw new DriverException(StatusCode.ReservedNotZero, $"command {entry.Cid}: flag bits 6 and 7 are reserved");
                if (entry.Cid == 0 || _mail.IsInFlight(entry.Cid) || !fresh.Add(entry.Cid))
                    throw new DriverException(StatusCode.CidInUse, $"command {entry.Cid}: the cid is 0 or in flight");
            }
            var accepted = 0;
            foreach (var entry in entries)
            {
                if (!_ring.TryWrite(entry))
                    break;
                accepted++;
                if (!entry.Flags.HasFlag(CommandFlags.SilentSuccess))
                    _mail.Sent(entry.Cid);
            }
            if (accepted > 0)
                _session.Link.Write(Bar.Doorbells, Index * Doorbell.PageSize + Doorbell.SqTail, (uint)_ring.Tail);
            return accepted;
        }
    }

    /// <summary>
    /// Takes completions of commands sent by <see cref="Submit"/>, waiting for the first at most <paramref name="timeout"/> of simulated
    /// time. Returns their number, 0 after a timeout.
    /// </summary>
    public int Poll(Span<CompletionEntry> completions, TimeSpan timeout, CancellationToken cancel = default)
    {
        lock (_session.Gate)
        {
            _session.Wait(() => Drain() && _mail.HasUnclaimed, timeout, cancel);
            var count = 0;
            while (count < completions.Length && _mail.TryTakeUnclaimed(out var entry))
                completions[count++] = entry;
            return count;
        }
    }

    /// <summary>Interrupt only after <paramref name="count"/> completions or <paramref name="us"/> µs after the first; 0, 0 = for
    /// each.</summary>
    public void Coalesce(byte count, ushort us)
    {
        lock (_session.Gate)
            _session.Link.Write(Bar.Doorbells, Index * Doorbell.PageSize + Doorbell.IrqCoalesce, count | (uint)us << 8);
    }

    /// <summary>A cid that is not in flight.</summary>
    public ushort NextCid() => _mail.NextCid();

    /// <summary>Sends a command whose completions go to the caller of <see cref="Receive"/>; returns its cid.</summary>
    internal ushort Send(SubmissionEntry entry, TimeSpan timeout, CancellationToken cancel)
    {
        var cid = NextCid();
        _mail.Open(cid);
        try
        {
            if (!_session.Wait(() => Drain() && (Dead is not null || !_ring.IsFull), timeout, cancel))
                throw new DriverException(
                    StatusCode.Timeout,
                    $"channel {Index}: no room in the ring within {timeout.TotalMilliseconds} ms"
                );
            Submit([entry with { Cid = cid }]);
            return cid;
        }
        catch
        {
            _mail.Close(cid);
            throw;
        }
    }

    /// <summary>The next completion of a command sent by <see cref="Send"/>. After a timeout the command is aborted.</summary>
    internal CompletionEntry Receive(ushort cid, TimeSpan timeout, CancellationToken cancel)
    {
        if (!_session.Wait(() => _mail.HasMail(cid) || Drain() && _mail.HasMail(cid), timeout, cancel))
        {
            Abandon(cid);
            throw new DriverException(
                StatusCode.Timeout,
                $"channel {Index}: command {cid} did not answer within {timeout.TotalMilliseconds} ms"
            );
        }
        return _mail.Take(cid);
    }

    /// <summary>Aborts a command and throws its remaining completions away; the channel is ended when even that fails.</summary>
    internal void Abandon(ushort cid)
    {
        if (!_mail.IsOpen(cid))
            return;
        if (_mail.IsInFlight(cid) && Dead is null && _session.Dead is null)
        {
            _session.Admin(
                new SubmissionEntry
                {
                    Opcode = Opcode.Abort,
                    Arg0 = (uint)Index,
                    Arg1 = cid,
                },
                _session.Timeouts.Execute,
                throwOnTimeout: false
            );
            if (!_session.Wait(() => Drain() && !_mail.IsInFlight(cid), _session.Timeouts.Execute, CancellationToken.None))
                _session.EndChannel(this, StatusCode.Timeout);
        }
        _mail.Close(cid);
    }

    /// <summary>Takes every new completion out of the ring; always true, so that it can be used in a condition.</summary>
    internal bool Drain()
    {
        if (Dead is not null || Mode == ChannelMode.Interrupt && !IsSignalled)
            return true;
        IsSignalled = false;
        while (_ring.HasNew)
        {
            while (_ring.TryTake(out var entry))
                _mail.Deliver(entry);

            // The doorbell takes time; whatever lands meanwhile is seen by the outer loop's last look.
            _session.Link.Write(Bar.Doorbells, Index * Doorbell.PageSize + Doorbell.CqHead, (uint)_ring.CqHead);
        }
        if (_ring.IsTorn)
        {
            // The rest is on its way, without an interrupt of its own.
            IsSignalled = true;
            if (!_isTornNoted)
                _session.Note(DeviceEventKind.TornCompletion, Index, StatusCode.Ok);
        }
        _isTornNoted = _ring.IsTorn;
        return true;
    }

    /// <summary>Answers everything in flight with <paramref name="code"/>, once, after taking what the device still answered.</summary>
    internal void Kill(StatusCode code)
    {
        if (Dead is not null)
            return;
        while (_ring.TryTake(out var entry))
            _mail.Deliver(entry);
        Dead = code;
        foreach (var cid in _mail.Cids)
            _mail.Deliver(
                new CompletionEntry
                {
                    Cid = cid,
                    Code = code,
                    Channel = (ushort)Index,
                }
            );
    }

    /// <summary>
    /// Compares the device's view of the rings with the host's. A doorbell that was lost is rung again, a completion that came without its
    /// interrupt is taken; false when the device has written completions that cannot be seen: the channel must be ended.
    /// </summary>
    internal bool Inspect()
    {
        if (Dead is not null || _mail.InFlight == 0)
            return true;
        if (Mode == ChannelMode.Interrupt && _ring.HasNew && !IsSignalled)
        {
            _session.Note(DeviceEventKind.LostInterrupt, Index, StatusCode.Ok);
            IsSignalled = true;
        }
        var page = Index * Doorbell.PageSize;
        var sqHead = _session.Link.Read(Bar.Doorbells, page + Doorbell.SqHeadShadow);
        var cqTail = _session.Link.Read(Bar.Doorbells, page + Doorbell.CqTailShadow);
        if (sqHead == Bar0.AllOnes)
            return true;
        var isStill = sqHead == _seenSqHead && cqTail == _seenCqTail && _ring.Tail == _seenTail && _ring.CqHead == _seenCqHead;
        (_seenSqHead, _seenCqTail, _seenTail, _seenCqHead) = (sqHead, cqTail, _ring.Tail, _ring.CqHead);
        if (!isStill)
            return true;
        if (sqHead != (uint)_ring.Tail)
        {
            _session.Note(DeviceEventKind.LostDoorbell, Index, StatusCode.Ok);
            _session.Link.Write(Bar.Doorbells, page + Doorbell.SqTail, (uint)_ring.Tail);
        }
        return cqTail == (uint)_ring.CqHead || _ring.HasNew;
    }

    private void ThrowIfDead()
    {
        _session.ThrowIfDead();
        if (Dead is { } code)
            throw new DriverException(code, $"channel {Index} has ended; create a new one");
    }
}
