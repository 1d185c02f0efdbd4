using System.Collections.Concurrent;
using System.Diagnostics;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>A ring pair in memory that is shared with the process of a card. Doorbells and interrupts are messages.</summary>
internal sealed class RemoteChannel : ICommandPath
{
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(5);

    // How often a wait looks whether its caller has given up.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly RemoteCard _card;
    private readonly HostRing _ring;
    private readonly Mailbox _mail = new();

    // Simulated times of completions that are in the ring, in its order.
    private readonly ConcurrentQueue<long> _arrived = new();
    private readonly object _signal = new();
    private StatusCode? _dead;

    public RemoteChannel(RemoteCard card, int index, HostRing ring) => (_card, Index, _ring) = (card, index, ring);

    /// <summary>Number of the channel on the card.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public Lock Gate { get; } = new();

    /// <inheritdoc/>
    public StatusCode? Dead => _dead ?? _card.Dead;

    /// <inheritdoc/>
    public int Vocabulary => _card.Vocabulary;

    /// <inheritdoc/>
    public long AnswerTimeNs { get; private set; }

    // Other clients may keep the card busy, so this is time of the host.
    /// <inheritdoc/>
    public TimeSpan Execute { get; } = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public PinnedBuffer Pin(byte[] data) => _card.Pin(data);

    /// <inheritdoc/>
    public void Unpin(PinnedBuffer buffer) => _card.Unpin(buffer);

    /// <inheritdoc/>
    public ushort Send(SubmissionEntry entry, TimeSpan timeout, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (_ring.IsFull)
            if (!Take(timeout - Stopwatch.GetElapsedTime(start), cancel))
                throw new DriverException(StatusCode.Timeout, $"channel {Index}: no room in the ring");
        ThrowIfDead();
        var cid = _mail.NextCid();
        _mail.Open(cid);
        _mail.Sent(cid);
        _ring.TryWrite(entry with { Cid = cid });
        _card.Post(new WireMessage(WireKind.SqTail, (uint)Index, (uint)_ring.Tail));
        return cid;
    }

    /// <inheritdoc/>
    public CompletionEntry Receive(ushort cid, TimeSpan timeout, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (!_mail.HasMail(cid))
            if (!Take(timeout - Stopwatch.GetElapsedTime(start), cancel))
            {
                Abandon(cid);
                throw new DriverException(StatusCode.Timeout, $"channel {Index}: command {cid} did not answer in time");
            }
        return _mail.Take(cid);
    }

    /// <inheritdoc/>
    public void Release() => _card.Idle(this);

    /// <inheritdoc/>
    public void Abandon(ushort cid)
    {
        if (!_mail.IsOpen(cid))
            return;
        if (_mail.IsInFlight(cid) && Dead is null)
        {
            try
            {
                _card.Call(new WireMessage(WireKind.Abort, (uint)Index, cid));
                var start = Stopwatch.GetTimestamp();
                while (_mail.IsInFlight(cid))
                    if (!Take(AbortPatience - Stopwatch.GetElapsedTime(start), CancellationToken.None))
                        _dead = StatusCode.Timeout;
            }
            catch (DriverException e)
            {
                _dead ??= e.Code;
            }
        }
        _mail.Close(cid);
    }

    /// <inheritdoc/>
    public void AwaitData(PinnedBuffer data, uint check, TimeSpan timeout, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (DataCheck.Of(data.Memory.Span) != check)
        {
            cancel.ThrowIfCancellationRequested();
            ThrowIfDead();
            if (Stopwatch.GetElapsedTime(start) > timeout)
                throw new DriverException(StatusCode.PoisonedData, $"channel {Index}: data did not arrive whole");
            Thread.Sleep(1);
        }
    }

    /// <summary>A completion is in the ring.</summary>
    public void Interrupt(long timeNs)
    {
        _arrived.Enqueue(timeNs);
        Wake();
    }

    /// <summary>Wakes who waits.</summary>
    public void Wake()
    {
        lock (_signal)
            Monitor.PulseAll(_signal);
    }

    // Takes one completion; false when none came in time.
    private bool Take(TimeSpan timeout, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_arrived.TryDequeue(out var time))
            {
                if (!_ring.TryTake(out var entry))
                    throw new DriverException(StatusCode.QueueInvalid, $"channel {Index}: an interrupt came without its completion");
                AnswerTimeNs = time;
                _card.Saw(time);
                _mail.Deliver(entry);
                _card.Post(new WireMessage(WireKind.CqHead, (uint)Index, (uint)_ring.CqHead));
                return true;
            }
            ThrowIfDead();
            cancel.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) >= timeout)
                return false;
            lock (_signal)
                if (_arrived.IsEmpty && Dead is null)
                    Monitor.Wait(_signal, Look);
        }
    }

    private void ThrowIfDead()
    {
        if (Dead is { } code)
            throw new DriverException(code, _card.WhyDead);
    }
}
