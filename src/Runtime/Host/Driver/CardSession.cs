using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// The driver's hold on a card from one reset to the next: admin rings, channels, health checks. Ends once; from then on it touches no
/// register and everything that was in flight has been answered.
/// </summary>
internal sealed class CardSession
{
    private const int AdminEntries = 64,
        ParkedEvents = 4;
    private readonly HostMemory _memory;
    private readonly HostRing _ring;
    private readonly Dictionary<ushort, CompletionEntry> _answers = [];
    private readonly HashSet<ushort> _asyncCids = [];
    private readonly Queue<DeviceEvent> _events;
    private readonly int _vectors;
    private ushort _lastCid;
    private long _nextHealth,
        _lastBeatAt;
    private uint _lastBeat;

    private CardSession(PcieLink link, DriverTimeouts timeouts, Queue<DeviceEvent> events)
    {
        Link = link;
        _memory = link.Memory;
        _events = events;
        _vectors = link.Vectors;
        Timeouts = timeouts;
        _ring = new HostRing(link.Memory, 0, AdminEntries);
    }

    public PcieLink Link { get; }
    public DriverTimeouts Timeouts { get; }
    public List<Channel> Channels { get; } = [];
    public uint Generation { get; private set; }
    public CardIdentity Identity { get; private set; } = null!;

    /// <summary>Channels of the card, the admin channel included.</summary>
    public int ChannelCount { get; private set; }

    /// <summary>Why the session ended; null while it lives.</summary>
    public StatusCode? Dead { get; private set; }

    /// <summary>One host thread at a time uses a card.</summary>
    public required Lock Gate { get; init; }

    private SimulatedClock Clock => Link.Clock;

    /// <summary>Waits for link and boot, resets a card that an earlier session left enabled, and enables it.</summary>
    public static CardSession Start(PcieLink link, DriverTimeouts timeouts, Queue<DeviceEvent> events, Lock gate)
    {
        var session = new CardSession(link, timeouts, events) { Gate = gate };
        try
        {
            session.BringUp();
            return session;
        }
        catch
        {
            link.Memory.UnpinAll(0);
            throw;
        }
    }

    /// <summary>Runs the simulation until <paramref name="done"/>, at most <paramref name="timeout"/>; a dead session ends the wait.
    /// Returns the last answer.</summary>
    public bool Wait(Func<bool> done, TimeSpan timeout, CancellationToken cancel)
    {
        var deadline = Clock.Now + Ns(timeout);
        Link.ObserveCancellation(cancel);
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                Service();
                if (done())
                    return true;
                if (Dead is not null)
                    return false;
                var next = Math.Min(deadline, _nextHealth);
                if (Clock.RunNext(next))
                    continue;
                Clock.AdvanceTo(next);
                if (next == deadline)
                    return done();
                CheckHealth();
            }
        }
        finally
        {
            Link.ObserveCancellation(CancellationToken.None);
        }
    }

    /// <summary>Sends an admin command and waits for its answer.</summary>
    /// <exception cref="DriverException">The session is dead, or there was no answer in time.</exception>
    public CompletionEntry Admin(SubmissionEntry entry, TimeSpan timeout, bool throwOnTimeout = true)
    {
        ThrowIfDead();
        var cid = Send(entry);
        if (!Wait(() => _answers.ContainsKey(cid), timeout, CancellationToken.None))
        {
            if (throwOnTimeout)
                throw new DriverException(Dead ?? StatusCode.Timeout, $"admin command {entry.Opcode} did not answer");
            return new CompletionEntry { Code = Dead ?? StatusCode.Timeout };
        }
        _answers.Remove(cid, out var answer);
        return answer;
    }

    /// <summary>Runs an admin command that fills a page of host memory; returns the bytes it wrote.</summary>
    public byte[] AdminPage(SubmissionEntry entry, int length)
    {
        var page = new byte[length];
        var address = _memory.Pin(0, page);
        try
        {
            var answer = Admin(entry with { Destination = address, Length = (uint)length }, Timeouts.Control);
            if (answer.Code != StatusCode.Ok)
                throw new DriverException(answer.Code, $"admin command {entry.Opcode} was refused");
            return page[..(int)answer.Result];
        }
        finally
        {
            _memory.Unpin(0, address);
        }
    }

    public void ThrowIfDead()
    {
        if (Dead is { } code)
            throw new DriverException(
                code,
                $"the card was reset or left after this handle (generation {Generation}) was opened; open it again"
            );
    }

    public void Note(DeviceEventKind kind, int detail, StatusCode code) => _events.Enqueue(new DeviceEvent(Clock.Now, kind, detail, code));

    /// <summary>Ends a channel on both sides.</summary>
    public void EndChannel(Channel channel, StatusCode code)
    {
        channel.Kill(code);
        Channels.Remove(channel);
        if (Dead is not null)
            return;
        Admin(new SubmissionEntry { Opcode = Opcode.DeleteSq, Arg0 = (uint)channel.Index }, Timeouts.Control, throwOnTimeout: false);
        if (Dead is null)
            Admin(new SubmissionEntry { Opcode = Opcode.DeleteCq, Arg0 = (uint)channel.Index }, Timeouts.Control, throwOnTimeout: false);
    }

    /// <summary>Ends the session: everything in flight is answered with <paramref name="code"/>.</summary>
    public void Die(StatusCode code)
    {
        if (Dead is not null)
            return;
        Dead = code;
        foreach (var channel in Channels)
            channel.Kill(code);
        Note(DeviceEventKind.SessionEnded, 0, code);
        _memory.UnpinAll(0);
    }

    private void BringUp()
    {
        PollUntil(() => Link.Read(Bar.Control, Bar0.Id) == Bar0.IdValue, Timeouts.Link, StatusCode.Link, "no card answers on the link");
        if ((Link.Read(Bar.Control, Bar0.Control) & Bar0.ControlEnable) != 0)
        {
            Link.Write(Bar.Control, Bar0.Reset, Bar0.ResetKey);
            PollUntil(
                () => Link.Read(Bar.Control, Bar0.Id) == Bar0.IdValue,
                Timeouts.Reset,
                StatusCode.DeviceReset,
                "the card did not leave reset"
            );
        }
        PollUntil(() => State >= DeviceState.ReadyNoImage, Timeouts.Boot, StatusCode.Timeout, "the card did not boot");
        Generation = Link.Read(Bar.Control, Bar0.ResetGeneration);
        Link.Write64(Bar0.AdminSqBase, _ring.SqAddress);
        Link.Write64(Bar0.AdminCqBase, _ring.CqAddress);
        Link.Write(Bar.Control, Bar0.AdminQueueSize, (AdminEntries - 1) | (AdminEntries - 1) << 16);
        Link.Write(Bar.Control, Bar0.Control, Bar0.ControlEnable | 4 << 4 | 6 << 8);
        PollUntil(
            () => (Link.Read(Bar.Control, Bar0.Status) & Bar0.StatusReady) != 0,
            Timeouts.Boot,
            StatusCode.Timeout,
            "the card did not become ready"
        );
        _lastBeatAt = Clock.Now;
        _nextHealth = Clock.Now + Ns(Timeouts.Health);
        ParkEvents();
        var page = IdentifyPage.Read(AdminPage(new SubmissionEntry { Opcode = Opcode.Identify }, IdentifyPage.Size));
        (Identity, ChannelCount) = (page.Identity, page.Channels);
    }

    public DeviceState State =>
        (DeviceState)(Link.Read(Bar.Control, Bar0.Status) >> 16 & 0xFFFF) is var state && (int)state == 0xFFFF ? DeviceState.Off : state;

    private void PollUntil(Func<bool> done, TimeSpan timeout, StatusCode code, string message)
    {
        const long pollNs = 1_000_000;
        var deadline = Clock.Now + Ns(timeout);
        while (!done())
        {
            if (Clock.Now >= deadline)
                throw new DriverException(code, $"{message} within {timeout.TotalMilliseconds} ms");
            Clock.AdvanceTo(Clock.Now + pollNs);
        }
    }

    private ushort Send(SubmissionEntry entry)
    {
        if (_ring.IsFull)
            throw new DriverException(StatusCode.Busy, "the admin ring is full");
        _lastCid = _lastCid == ushort.MaxValue ? (ushort)1 : (ushort)(_lastCid + 1);
        _ring.TryWrite(entry with { Cid = _lastCid });
        Link.Write(Bar.Doorbells, Doorbell.SqTail, (uint)_ring.Tail);
        return _lastCid;
    }

    private void ParkEvents()
    {
        while (_asyncCids.Count < ParkedEvents)
            _asyncCids.Add(Send(new SubmissionEntry { Opcode = Opcode.AsyncEvent }));
    }

    /// <summary>Takes interrupts, admin answers and events.</summary>
    private void Service()
    {
        if (Dead is not null)
            return;
        foreach (var channel in Channels)
            if (channel.Mode == ChannelMode.Interrupt && Link.HasInterrupt(VectorOf(channel)))
                channel.IsSignalled = true;
        for (var vector = 0; vector < _vectors; vector++)
            Link.TakeInterrupt(vector);
        List<CompletionEntry>? events = null;
        var taken = false;
        while (_ring.TryTake(out var entry))
        {
            taken = true;
            if (_asyncCids.Remove(entry.Cid))
                (events ??= []).Add(entry);
            else
                _answers[entry.Cid] = entry;
        }
        if (taken)
            Link.Write(Bar.Doorbells, Doorbell.CqHead, (uint)_ring.CqHead);
        if (events is null)
            return;
        ParkEvents();
        foreach (var entry in events)
        {
            var kind = (DeviceEventKind)(entry.Result & 0xFF);
            var detail = (int)(entry.Result >> 8);
            Note(kind, detail, (StatusCode)(entry.Aux & 0x7FF));
            if (kind == DeviceEventKind.ChannelError && Channels.Find(c => c.Index == detail) is { } channel)
                EndChannel(channel, StatusCode.DeviceReset);
        }
    }

    private int VectorOf(Channel channel) => Math.Min(channel.Index, _vectors - 1);

    private void CheckHealth()
    {
        _nextHealth = Clock.Now + Ns(Timeouts.Health);
        if (Link.Read(Bar.Control, Bar0.Id) == Bar0.AllOnes)
        {
            Die(StatusCode.Link);
            return;
        }
        if (Link.Read(Bar.Control, Bar0.ResetGeneration) != Generation || (Link.Read(Bar.Control, Bar0.Status) & Bar0.StatusFatal) != 0)
        {
            Die(StatusCode.DeviceReset);
            return;
        }
        var beat = Link.Read(Bar.Control, Bar0.Heartbeat);
        if (beat != _lastBeat)
            (_lastBeat, _lastBeatAt) = (beat, Clock.Now);
        else if (Clock.Now - _lastBeatAt >= Ns(Timeouts.Heartbeat))
            Die(StatusCode.Watchdog);
        if (Dead is not null)
            return;
        foreach (var channel in Channels.ToArray())
            if (!channel.Inspect())
                EndChannel(channel, StatusCode.DeviceReset);
    }

    private static long Ns(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
