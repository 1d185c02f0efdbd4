using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// The driver's hold on a card from one reset to the next: the admin queue, the channels and every wait. Ends once; from then on it touches
/// no register and everything that was in flight has been answered.
/// </summary>
internal sealed class CardSession
{
    private readonly AdminQueue _admin;
    private readonly HealthCheck _health;
    private readonly Queue<DeviceEvent> _events;

    private CardSession(PcieLink link, DriverTimeouts timeouts, Queue<DeviceEvent> events, Lock gate)
    {
        (Link, Timeouts, _events, Gate) = (link, timeouts, events, gate);
        _admin = new AdminQueue(link);
        Generation = BringUp.Run(link, timeouts, _admin);
        _health = new HealthCheck(link, timeouts, Generation);
        _admin.ParkEvents();
        var page = IdentifyPage.Read(AdminPage(new SubmissionEntry { Opcode = Opcode.Identify }, IdentifyPage.Size));
        (Identity, ChannelCount) = (page.Identity, page.Channels);
    }

    /// <summary>The way to the card.</summary>
    public PcieLink Link { get; }

    /// <summary>Limits of waits.</summary>
    public DriverTimeouts Timeouts { get; }

    /// <summary>Channels that clients hold.</summary>
    public List<Channel> Channels { get; } = [];

    /// <summary>RESET_GEN when the session began.</summary>
    public uint Generation { get; }

    /// <summary>The model in the card's masks.</summary>
    public CardIdentity Identity { get; }

    /// <summary>Channels of the card, the admin channel included.</summary>
    public int ChannelCount { get; }

    /// <summary>Why the session ended; null while it lives.</summary>
    public StatusCode? Dead { get; private set; }

    /// <summary>One host thread at a time uses a card.</summary>
    public Lock Gate { get; }

    /// <summary>Reads the state register.</summary>
    public DeviceState State => BringUp.StateOf(Link);

    /// <summary>Brings the card up.</summary>
    /// <exception cref="DriverException">The card does not answer or boot in time.</exception>
    public static CardSession Start(PcieLink link, DriverTimeouts timeouts, Queue<DeviceEvent> events, Lock gate)
    {
        try
        {
            return new CardSession(link, timeouts, events, gate);
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
        var clock = Link.Clock;
        var deadline = clock.Now + DriverTimeouts.Ns(timeout);
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
                var next = Math.Min(deadline, _health.NextNs);
                if (clock.RunNext(next))
                    continue;
                clock.AdvanceTo(next);
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
        var cid = _admin.Send(entry);
        if (Wait(() => _admin.HasAnswer(cid), timeout, CancellationToken.None))
            return _admin.TakeAnswer(cid);
        if (throwOnTimeout)
            throw new DriverException(Dead ?? StatusCode.Timeout, $"admin command {entry.Opcode} did not answer");
        return new CompletionEntry { Code = Dead ?? StatusCode.Timeout };
    }

    /// <summary>Runs an admin command that fills a page of host memory; returns the bytes it wrote.</summary>
    public byte[] AdminPage(SubmissionEntry entry, int length)
    {
        var page = new byte[length];
        var address = Link.Memory.Pin(0, page);
        try
        {
            var answer = Admin(entry with { Destination = address, Length = (uint)length }, Timeouts.Control);
            if (answer.Code != StatusCode.Ok)
                throw new DriverException(answer.Code, $"admin command {entry.Opcode} was refused");
            return page[..(int)answer.Result];
        }
        finally
        {
            Link.Memory.Unpin(0, address);
        }
    }

    /// <summary>Waits until the data of a completion have arrived; they come before it, unless the card breaks the order of
    /// writes.</summary>
    /// <exception cref="DriverException">They are damaged, or did not come in time: the channel has ended (0203).</exception>
    public void AwaitData(Channel channel, Memory<byte> data, uint check, TimeSpan timeout, CancellationToken cancel)
    {
        if (DataCheck.Of(data.Span) == check)
            return;
        Note(DeviceEventKind.LateData, channel.Index, StatusCode.Ok);
        if (Wait(() => DataCheck.Of(data.Span) == check, timeout, cancel))
            return;
        if (Dead is null)
            EndChannel(channel, StatusCode.PoisonedData);
        throw new DriverException(Dead ?? StatusCode.PoisonedData, $"channel {channel.Index}: data did not arrive whole");
    }

    /// <summary>Throws when the session has ended.</summary>
    public void ThrowIfDead()
    {
        if (Dead is { } code)
            throw new DriverException(
                code,
                $"the card was reset or left after this handle (generation {Generation}) was opened; open it again"
            );
    }

    /// <summary>Keeps an event for the clients.</summary>
    public void Note(DeviceEventKind kind, int detail, StatusCode code) =>
        _events.Enqueue(new DeviceEvent(Link.Clock.Now, kind, detail, code));

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
        Link.Memory.UnpinAll(0);
    }

    /// <summary>Takes interrupts, admin answers and events.</summary>
    private void Service()
    {
        if (Dead is not null)
            return;
        foreach (var channel in Channels)
            if (channel.Mode == ChannelMode.Interrupt && Link.HasInterrupt(Math.Min(channel.Index, Link.Vectors - 1)))
                channel.IsSignalled = true;
        for (var vector = 0; vector < Link.Vectors; vector++)
            Link.TakeInterrupt(vector);
        foreach (var entry in _admin.Take())
        {
            var kind = (DeviceEventKind)(entry.Result & 0xFF);
            var detail = (int)(entry.Result >> 8);
            Note(kind, detail, (StatusCode)(entry.Aux & 0x7FF));
            if (kind == DeviceEventKind.ChannelError && Channels.Find(c => c.Index == detail) is { } channel)
                EndChannel(channel, StatusCode.DeviceReset);
        }
    }

    private void CheckHealth()
    {
        if (_health.Check() is { } code)
        {
            Die(code);
            return;
        }
        if (_health.TakeSkewUs() is { } us)
            Note(DeviceEventKind.ClockSkew, us, StatusCode.Ok);
        foreach (var channel in Channels.ToArray())
            if (!channel.Inspect())
                EndChannel(channel, StatusCode.DeviceReset);
    }
}
