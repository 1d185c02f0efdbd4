using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>
/// A client's hold on a card in another process. Commands and answers go through rings in shared memory; when the process of the card
/// dies, everything in flight fails at once with 0406, and after a reset with 0007. A client that ends, in whatever way, is forgotten by
/// the card.
/// </summary>
public sealed class RemoteCard : ICardAccess
{
    private const int Entries = 64;
    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(2);
    private readonly NetworkStream _stream;
    private readonly Lock _writing = new(),
        _calling = new(),
        _allocating = new();
    private readonly ConcurrentDictionary<int, RemoteChannel> _channels = new();

    // Channels whose context was freed, for the next that wants one of its own.
    private readonly ConcurrentBag<RemoteChannel> _idle = [];
    private readonly BlockingCollection<WireMessage> _replies = [];
    private readonly string _name;
    private DeviceOpening? _opening;
    private SharedMemory? _memory;
    private SharedHeap? _heap;
    private RemoteChannel? _shared;
    private long _time;
    private int _isClosed;
    private volatile int _dead = -1;

    private RemoteCard(string name, NetworkStream stream)
    {
        (_name, _stream) = (name, stream);
        new Thread(Listen) { IsBackground = true, Name = "device" }.Start();
    }

    /// <summary>The card when it was opened.</summary>
    public DeviceStatus Device => Opening.Device;

    /// <summary>Number of this client.</summary>
    public int Client => Opening.Client;

    /// <summary>Tokens of the vocabulary.</summary>
    public int Vocabulary => Opening.Vocabulary;

    /// <summary>File of the tokenizer of the chip image.</summary>
    public string TokenizerFile => Opening.Tokenizer;

    /// <inheritdoc/>
    public string Backend => Device.Backend;

    /// <inheritdoc/>
    public double IdleWatts => Device.IdleWatts;

    /// <inheritdoc/>
    public long TimeNs => Interlocked.Read(ref _time);

    /// <summary>Why the hold has ended; null while it lives.</summary>
    public StatusCode? Dead => _dead < 0 ? null : (StatusCode)_dead;

    internal string WhyDead =>
        Dead == StatusCode.Link
            ? $"the process of device '{_name}' has gone; start it again"
            : $"device '{_name}' was reset after it was opened; open it again";

    private DeviceOpening Opening => _opening ?? throw new InvalidOperationException("the card was not opened as a client");

    /// <summary>Opens a card as a new client.</summary>
    /// <exception cref="InputException">No process of that name answers.</exception>
    /// <exception cref="DriverException">The card refuses.</exception>
    public static RemoteCard Open(string name)
    {
        var card = Connect(name);
        try
        {
            var reply = card.Call(new WireMessage(WireKind.Hello, WireMessage.Version));
            var opening = JsonSerializer.Deserialize(reply.Text, RemoteJson.Default.DeviceOpening)!;
            (card._opening, card._heap) = (opening, new SharedHeap(opening.MemoryBytes));
            card._memory = SharedMemory.Open(opening.Memory, opening.MemoryBytes);
            card._shared = card.CreateChannel();
            return card;
        }
        catch
        {
            card.Dispose();
            throw;
        }
    }

    /// <summary>Asks for the state of a card without becoming its client.</summary>
    public static DeviceStatus Status(string name)
    {
        using var card = Connect(name);
        return JsonSerializer.Deserialize(card.Call(new WireMessage(WireKind.Status)).Text, RemoteJson.Default.DeviceStatus)!;
    }

    /// <summary>Reads counters and sensors without becoming a client.</summary>
    public static CardTelemetry Telemetry(string name)
    {
        using var card = Connect(name);
        return card.Telemetry();
    }

    /// <summary>Error records that the card holds, oldest first.</summary>
    public static IReadOnlyList<string> Log(string name)
    {
        using var card = Connect(name);
        return JsonSerializer.Deserialize(card.Call(new WireMessage(WireKind.Log)).Text, RemoteJson.Default.StringArray)!;
    }

    /// <summary>Resets a card: every client loses its hold.</summary>
    public static void Reset(string name, bool function)
    {
        using var card = Connect(name);
        card.Call(new WireMessage(WireKind.Reset, function ? 1u : 0));
    }

    /// <summary>Injects a fault.</summary>
    /// <param name="name">Device.</param>
    /// <param name="fault">As <see cref="FaultText.Parse"/> reads it.</param>
    /// <exception cref="InputException">There is no such fault, or no process of that name answers.</exception>
    public static void Inject(string name, string fault)
    {
        FaultText.Parse(fault);
        using var card = Connect(name);
        card.Call(new WireMessage(WireKind.Fault, Text: fault));
    }

    /// <summary>Ends the process of a card.</summary>
    public static void Stop(string name)
    {
        using var card = Connect(name);
        card.Call(new WireMessage(WireKind.Stop));
    }

    /// <inheritdoc/>
    public ICardAccess Reopen()
    {
        RemoteCard again;
        try
        {
            again = Open(_name);
        }
        catch (InputException)
        {
            throw new DriverException(StatusCode.Link, WhyDead);
        }
        Dispose();
        return again;
    }

    /// <inheritdoc/>
    public long ReadTimeNs()
    {
        Saw(Call(new WireMessage(WireKind.Status)).Time);
        return TimeNs;
    }

    /// <inheritdoc/>
    public CardTelemetry Telemetry()
    {
        var reply = Call(new WireMessage(WireKind.Telemetry));
        Saw(reply.Time);
        return JsonSerializer.Deserialize(reply.Text, RemoteJson.Default.CardTelemetry)!;
    }

    // The process of the card has checked them before it took clients.
    /// <inheritdoc/>
    public void AwaitCheck(CancellationToken cancel) { }

    /// <inheritdoc/>
    public InferenceContext OpenContext(int positions, in SamplerSettings sampler, ReadOnlySpan<int> stops, bool ownChannel)
    {
        if (!ownChannel)
            return InferenceContext.Open(_shared!, positions, sampler, stops);
        var channel = _idle.TryTake(out var idle) ? idle : CreateChannel();
        try
        {
            return InferenceContext.Open(channel, positions, sampler, stops);
        }
        catch
        {
            Idle(channel);
            throw;
        }
    }

    /// <summary>Gives the card another runtime image. The card is reset for it, so this hold ends, whether the image is taken or
    /// not.</summary>
    /// <exception cref="DriverException">0301, 0302 or 0303 when the card rejects it and keeps the former, 0009 when others hold the
    /// card: then this hold lives on.</exception>
    public void LoadImage(ReadOnlySpan<byte> image)
    {
        var buffer = Pin(image.ToArray());
        try
        {
            Call(new WireMessage(WireKind.LoadImage, (uint)(buffer.Address - Opening.Address), (uint)image.Length));
        }
        finally
        {
            Unpin(buffer);
        }
    }

    /// <summary>Ends the hold.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        End(StatusCode.Cancelled);
        _stream.Dispose();
        ((IDisposable?)_memory)?.Dispose();
    }

    internal void Idle(RemoteChannel channel)
    {
        if (channel != _shared)
            _idle.Add(channel);
    }

    internal void Saw(long timeNs)
    {
        if (timeNs > TimeNs)
            Interlocked.Exchange(ref _time, timeNs);
    }

    internal PinnedBuffer Pin(byte[] data)
    {
        lock (_allocating)
        {
            var at = _heap!.Take(data.Length);
            var memory = _memory!.Memory.Slice(at, data.Length);
            data.CopyTo(memory);
            return new PinnedBuffer(Opening.Address + (ulong)at, memory);
        }
    }

    internal void Unpin(PinnedBuffer buffer)
    {
        lock (_allocating)
            _heap!.Give((int)(buffer.Address - Opening.Address));
    }

    /// <summary>Sends a message that has no reply.</summary>
    internal void Post(WireMessage message)
    {
        try
        {
            lock (_writing)
                message.Write(_stream);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            End(StatusCode.Link);
            throw new DriverException(Dead ?? StatusCode.Link, WhyDead);
        }
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    internal WireMessage Call(WireMessage message)
    {
        lock (_calling)
        {
            Post(message);
            WireMessage reply;
            try
            {
                if (!_replies.TryTake(out reply, CallPatience))
                    throw new DriverException(
                        Dead ?? StatusCode.Timeout,
                        Dead is null ? $"device '{_name}' did not answer {message.Kind}" : WhyDead
                    );
            }
            catch (InvalidOperationException)
            {
                throw new DriverException(Dead ?? StatusCode.Link, WhyDead);
            }
            return reply.Kind == WireKind.Done ? reply : throw new DriverException((StatusCode)reply.A, reply.Text);
        }
    }

    private static RemoteCard Connect(string name) =>
        DeviceFolder.TryConnect(name) is { } stream
            ? new RemoteCard(name, stream)
            : throw new InputException($"device '{name}' is not running; ./taalas device start CHIP --name {name} starts it");

    private RemoteChannel CreateChannel()
    {
        int at;
        lock (_allocating)
            at = _heap!.Take(Entries * (SubmissionEntry.Size + CompletionEntry.Size));
        var rings = _memory!.Memory.Slice(at, Entries * (SubmissionEntry.Size + CompletionEntry.Size));
        rings.Span.Clear();
        var cqAt = at + Entries * SubmissionEntry.Size;
        WireMessage reply;
        try
        {
            reply = Call(new WireMessage(WireKind.CreateChannel, Entries, (uint)at, (uint)cqAt));
        }
        catch (DriverException) when (Dead is { } code)
        {
            // The card no longer knows this client; why is what matters.
            throw new DriverException(code, WhyDead);
        }
        var ring = new HostRing(rings[..(Entries * SubmissionEntry.Size)], rings[(Entries * SubmissionEntry.Size)..], Entries);
        var channel = new RemoteChannel(this, (int)reply.A, ring);
        _channels[channel.Index] = channel;
        return channel;
    }

    private void Listen()
    {
        while (WireMessage.Read(_stream) is { } message)
            switch (message.Kind)
            {
                case WireKind.Interrupt:
                    if (_channels.TryGetValue((int)message.A, out var channel))
                        channel.Interrupt(message.Time);
                    break;
                case WireKind.SessionEnded:
                    End((StatusCode)message.A);
                    break;
                default:
                    _replies.Add(message);
                    break;
            }
        End(StatusCode.Link);
        _replies.CompleteAdding();
    }

    private void End(StatusCode code)
    {
        Interlocked.CompareExchange(ref _dead, (int)code, -1);
        foreach (var channel in _channels.Values)
            channel.Wake();
    }
}
