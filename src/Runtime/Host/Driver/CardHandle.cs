using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// One client's hold on a card. Once the card has been reset by someone else, or has left, every call throws. Closing it, at any moment and
/// more than once, frees what the client had on the card and zeroes its KV memory.
/// </summary>
public sealed class CardHandle : IDisposable
{
    private readonly CardDriver _driver;
    private readonly CardDriver.AttachedCard _card;
    private CardSession _session;
    private bool _isClosed;

    internal CardHandle(CardDriver driver, CardDriver.AttachedCard card, CardSession session, int client)
    {
        _driver = driver;
        _card = card;
        _session = session;
        Client = client;
    }

    /// <summary>Number of the client, 1 ….</summary>
    public int Client { get; }

    /// <summary>RESET_GEN when the handle was opened.</summary>
    public uint Generation => _session.Generation;

    /// <summary>Identity and shape of the hard-wired model.</summary>
    public CardIdentity Info => _session.Identity;

    /// <summary>Simulated time, ns since power-on.</summary>
    public long TimeNs => _card.Link.Clock.Now;

    internal CardSession Session => _session;

    /// <summary>Reads the state register.</summary>
    public DeviceState State
    {
        get
        {
            lock (_card.Gate)
            {
                ThrowIfUnusable();
                return _session.State;
            }
        }
    }

    /// <summary>Sends a runtime image to the card, which verifies it, and activates it.</summary>
    /// <exception cref="DriverException">0301, 0302 or 0303 when the card rejects the image, 0009 when one is active.</exception>
    public void LoadImage(Stream image, CancellationToken cancel = default)
    {
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            ImageUpload.Run(_session, image, cancel);
        }
    }

    /// <summary>Opens a ring pair of <paramref name="entries"/> entries, a power of two from 2.</summary>
    /// <exception cref="DriverException">0009 when every channel is taken, 0105 when the card refuses the rings.</exception>
    public Channel CreateChannel(int entries, ChannelMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entries, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, 32768);
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            var index = Enumerable.Range(1, _session.ChannelCount - 1).FirstOrDefault(i => _session.Channels.TrueForAll(c => c.Index != i));
            if (index == 0)
                throw new DriverException(StatusCode.Busy, $"all {_session.ChannelCount - 1} channels of the card are taken");
            var ring = new HostRing(_card.Link.Memory, Client, entries);
            var cq = new SubmissionEntry
            {
                Opcode = Opcode.CreateCq,
                Source = ring.CqAddress,
                Arg0 = (uint)index,
                Arg1 = (uint)entries - 1,
                Arg2 = mode == ChannelMode.Interrupt ? (uint)index : SubmissionEntry.NoVector,
                Arg3 = (uint)Client,
            };
            var code = _session.Admin(cq, _session.Timeouts.Control).Code;
            if (code == StatusCode.Ok)
                code = _session
                    .Admin(cq with { Opcode = Opcode.CreateSq, Source = ring.SqAddress, Arg2 = 0 }, _session.Timeouts.Control)
                    .Code;
            if (code != StatusCode.Ok)
                throw new DriverException(code, $"the card refused channel {index} with {entries} entries");
            var channel = new Channel(_session, index, Client, mode, ring);
            _session.Channels.Add(channel);
            return channel;
        }
    }

    /// <summary>Makes memory visible to the card for this client.</summary>
    public PinnedBuffer Pin(Memory<byte> memory)
    {
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            return new PinnedBuffer(_card.Link.Memory.Pin(Client, memory), memory);
        }
    }

    /// <summary>Takes memory back; the card can no longer touch it.</summary>
    public void Unpin(PinnedBuffer buffer)
    {
        lock (_card.Gate)
            _card.Link.Memory.Unpin(Client, buffer.Address);
    }

    /// <summary>Opens a session on the chip for at most <paramref name="maxTokens"/> positions; decoding ends at any of
    /// <paramref name="stops"/>.</summary>
    public InferenceContext ContextOpen(Channel channel, int maxTokens, in SamplerSettings sampler, ReadOnlySpan<int> stops = default)
    {
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            return InferenceContext.Open(new LocalPath(this, channel), maxTokens, sampler, stops);
        }
    }

    /// <summary>Resets the card. Every other handle is dead afterwards; this one stays valid, but without channels, contexts and
    /// image.</summary>
    public void Reset(ResetKind kind)
    {
        lock (_card.Gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _card.Link.Memory.UnpinAll(Client);
            _session = _driver.Reset(_card, kind);
        }
    }

    /// <summary>Lets the card end what it does and give up its image, so that another can be loaded. Every other handle is dead afterwards;
    /// this one stays valid, but without channels and contexts. It does not count as a reset unless the card needs one.</summary>
    public void Empty()
    {
        lock (_card.Gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _session = _driver.Empty(_card);
            _card.Link.Memory.UnpinAll(Client);
        }
    }

    /// <summary>Takes what the card has reported since the last call, in order.</summary>
    public IReadOnlyList<DeviceEvent> Events()
    {
        lock (_card.Gate)
        {
            var events = _card.Events.ToArray();
            _card.Events.Clear();
            return events;
        }
    }

    /// <summary>Reads counters and sensors.</summary>
    public CardTelemetry Telemetry()
    {
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            return CardTelemetry.Read(_session);
        }
    }

    /// <summary>Reads the error records that the card holds, oldest first.</summary>
    public IReadOnlyList<RasRecord> Errors()
    {
        lock (_card.Gate)
        {
            ThrowIfUnusable();
            var page = _session.AdminPage(new SubmissionEntry { Opcode = Opcode.GetLog, Arg0 = (uint)LogPage.Error }, 4096);
            return [.. page.Chunk(RasRecord.Size).Select(bytes => RasRecord.Read(bytes))];
        }
    }

    /// <summary>Ends the client: commands in flight are answered 0006 and die on the card, contexts are zeroed, memory is
    /// unpinned.</summary>
    public void Close()
    {
        lock (_card.Gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            if (_session.Dead is null)
                _session.Admin(
                    new SubmissionEntry { Opcode = Opcode.Terminate, Arg0 = (uint)Client },
                    TimeSpan.FromSeconds(1),
                    throwOnTimeout: false
                );
            foreach (var channel in _session.Channels.Where(c => c.Client == Client))
                channel.Kill(StatusCode.Cancelled);
            _session.Channels.RemoveAll(c => c.Client == Client);
            _card.Link.Memory.UnpinAll(Client);
        }
    }

    /// <summary>Closes the handle.</summary>
    public void Dispose() => Close();

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _session.ThrowIfDead();
    }
}
