using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Runtime.Host.Daemon;

/// <summary>
/// The process of a card: one thread moves the simulation and serves the clients that connect to its socket. Simulated time advances
/// only while something is asked for. A client whose connection ends, for whatever reason, loses its channels, contexts and memory at once.
/// </summary>
public sealed class CardDaemon : IDisposable
{
    private const int MemoryBytes = 64 << 20;
    private const int MostClients = 256;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private readonly SimulatedHost _host;
    private readonly LocalCard _card;
    private readonly string _name;
    private readonly string _chip;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly BlockingCollection<(DaemonClient Client, WireMessage? Message)> _inbox = [];
    private readonly List<DaemonClient> _clients = [];
    private bool _isStopping;

    /// <summary>Listens under a name. The host's card becomes that of the clients.</summary>
    /// <exception cref="InputException">A device of that name is there already.</exception>
    public CardDaemon(SimulatedHost host, string name, string chip)
    {
        (_host, _card, _name, _chip) = (host, host.Local, name, Path.GetFullPath(chip));
        if (DeviceFolder.IsUp(name))
            throw new InputException($"device '{name}' is running already; ./taalas device stop {name} ends it");
        // A card that was killed leaves its files.
        File.Delete(DeviceFolder.Socket(name));
        foreach (var left in Directory.GetFiles(DeviceFolder.Path, name + ".*.mem"))
            File.Delete(left);
        _listener.Bind(new UnixDomainSocketEndPoint(DeviceFolder.Socket(name)));
        _listener.Listen(64);
        new Thread(Accept) { IsBackground = true, Name = "accept" }.Start();
    }

    private CardSession Session => _card.Handle.Session;

    /// <summary>Serves until it is told to stop.</summary>
    public void Run(CancellationToken cancel)
    {
        while (!_isStopping)
        {
            var worked = Simulate(cancel);
            var wait =
                !IsBusy ? Timeout.Infinite
                : worked ? 0
                : 1;
            try
            {
                while (!_isStopping && _inbox.TryTake(out var next, wait, cancel))
                {
                    Serve(next.Client, next.Message);
                    wait = 0;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        foreach (var client in _clients.ToArray())
            Drop(client, StatusCode.Link);
    }

    /// <summary>Takes the socket away and frees the clients.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(DeviceFolder.Socket(_name));
        foreach (var client in _clients)
            client.Dispose();
        _inbox.Dispose();
    }

    private bool IsBusy => _clients.Exists(client => client.Channels.Exists(channel => channel.Outstanding > 0));

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = new DaemonClient(new NetworkStream(_listener.Accept(), ownsSocket: true));
                new Thread(() => client.Listen((from, message) => _inbox.TryAdd((from, message))))
                {
                    IsBackground = true,
                    Name = "client",
                }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    // Lets the card work until a message comes; false when nothing was completed.
    private bool Simulate(CancellationToken cancel)
    {
        var told = false;
        if (IsBusy && Session.Dead is null)
            try
            {
                Session.Wait(
                    () =>
                    {
                        told |= Interrupts();
                        return _inbox.Count > 0 || !IsBusy;
                    },
                    Slice,
                    cancel
                );
            }
            catch (OperationCanceledException)
            {
                return told;
            }
        foreach (var e in _card.Handle.Events())
            if (e.Kind == DeviceEventKind.ChannelError && Owner(e.Detail) is { } owner)
                Drop(owner, StatusCode.DeviceReset);
        if (Session.Dead is { } code)
            foreach (var client in _clients.ToArray())
                Drop(client, code);
        return told;
    }

    private bool Interrupts()
    {
        var told = false;
        foreach (var client in _clients)
        foreach (var channel in client.Channels)
            while (channel.TryNext())
            {
                client.Tell(new WireMessage(WireKind.Interrupt, (uint)channel.Index, Time: _host.TimeNs));
                told = true;
            }
        return told;
    }

    private DaemonClient? Owner(int channel) => _clients.Find(client => client.Channels.Exists(c => c.Index == channel));

    private void Drop(DaemonClient client, StatusCode code)
    {
        client.Tell(new WireMessage(WireKind.SessionEnded, (uint)code));
        client.Release();
        _clients.Remove(client);
    }

    private void Serve(DaemonClient client, WireMessage? message)
    {
        if (message is not { } request)
        {
            client.Dispose();
            _clients.Remove(client);
            return;
        }
        try
        {
            if (Answer(client, request) is { } reply)
                client.Tell(reply with { Time = _host.TimeNs });
        }
        catch (DriverException e)
        {
            client.Tell(new WireMessage(WireKind.Refused, (uint)e.Code, Text: e.Reason));
        }
        catch (Exception e) when (e is IOException or InputException or ArgumentException)
        {
            client.Tell(new WireMessage(WireKind.Refused, (uint)StatusCode.BadField, Text: e.Message));
        }
        // What the driver's own commands completed on the way.
        Interrupts();
    }

    private WireMessage? Answer(DaemonClient client, WireMessage request)
    {
        switch (request.Kind)
        {
            case WireKind.SqTail or WireKind.CqHead:
                Ring(client, request);
                return null;
            case WireKind.Hello:
                return Open(client, request);
            case WireKind.CreateChannel:
                return new WireMessage(WireKind.Done, (uint)CreateChannel(client, request));
            case WireKind.Abort:
                return Abort(client, request);
            case WireKind.Telemetry:
                return Text(JsonSerializer.Serialize(Living().Telemetry(), RemoteJson.Default.CardTelemetry));
            case WireKind.Status:
                return Text(JsonSerializer.Serialize(Status(), RemoteJson.Default.DeviceStatus));
            case WireKind.Log:
                return Text(JsonSerializer.Serialize([.. Living().Errors().Select(Line)], RemoteJson.Default.StringArray));
            case WireKind.Reset:
                foreach (var other in _clients.ToArray())
                    Drop(other, StatusCode.DeviceReset);
                _card.Reset(request.A == 1 ? ResetKind.Function : ResetKind.Soft);
                return new WireMessage(WireKind.Done);
            case WireKind.LoadImage:
                LoadImage(client, request);
                return new WireMessage(WireKind.Done);
            case WireKind.Fault:
                _card.Inject(FaultText.Parse(request.Text));
                return new WireMessage(WireKind.Done);
            case WireKind.Stop:
                _isStopping = true;
                return new WireMessage(WireKind.Done);
            default:
                return new WireMessage(WireKind.Refused, (uint)StatusCode.BadOpcode, Text: $"there is no request {(uint)request.Kind}");
        }
    }

    private static WireMessage Text(string text) => new(WireKind.Done, Text: text);

    private static string Line(RasRecord r) =>
        FormattableString.Invariant(
            $"{r.Sequence} {r.TimeNs * 1e-9:F6} s {r.Source} {r.Class} 0x{(ushort)r.Code:x4} {r.Code} channel {r.Channel} count {r.Count}"
        );

    // After a reset by the card itself, the next request brings it up again.
    private CardHandle Living()
    {
        if (Session.Dead is not null)
            _card.Reopen();
        return _card.Handle;
    }

    private WireMessage Open(DaemonClient client, WireMessage request)
    {
        if (request.A != WireMessage.Version)
            throw new DriverException(StatusCode.BadField, $"the client speaks version {request.A}, the card {WireMessage.Version}");
        if (client.Handle is not null || _clients.Count >= MostClients)
            throw new DriverException(StatusCode.Busy, "the connection holds the card already, or too many clients do");
        Living();
        var handle = _card.Driver.Open(0);
        var path = Path.Combine(DeviceFolder.Path, $"{_name}.{handle.Client}.mem");
        File.Delete(path);
        client.Open(handle, SharedMemory.Create(path, MemoryBytes), path);
        _clients.Add(client);
        var opening = new DeviceOpening
        {
            Device = Status(),
            Client = handle.Client,
            Memory = path,
            MemoryBytes = MemoryBytes,
            Address = client.Address,
            Tokenizer = Path.Combine(_chip, _host.Chip.Files.Tokenizer.Name),
            Vocabulary = handle.Info.Vocabulary,
        };
        return Text(JsonSerializer.Serialize(opening, RemoteJson.Default.DeviceOpening));
    }

    private void LoadImage(DaemonClient client, WireMessage request)
    {
        if (client.Memory is not { } memory || request.A + (ulong)request.B > MemoryBytes || request.B == 0)
            throw new DriverException(StatusCode.BadField, "a runtime image inside the memory of a client");
        if (_clients.Exists(other => other != client))
            throw new DriverException(StatusCode.Busy, $"{_clients.Count - 1} other clients hold the card");
        var image = memory.GetSpan().Slice((int)request.A, (int)request.B).ToArray();
        Drop(client, StatusCode.DeviceReset);
        _card.Replace(image);
    }

    private int CreateChannel(DaemonClient client, WireMessage request)
    {
        var handle = client.Handle ?? throw new DriverException(StatusCode.NoPermission, "open the card first");
        var (entries, sq, cq) = (request.A, request.B, request.C);
        if (
            entries is < 2 or > 4096
            || !uint.IsPow2(entries)
            || sq + (ulong)entries * SubmissionEntry.Size > MemoryBytes
            || cq + (ulong)entries * CompletionEntry.Size > MemoryBytes
        )
            throw new DriverException(StatusCode.QueueInvalid, "rings of 2 to 4096 entries, a power of two, inside the shared memory");
        var taken = Session.Channels.Select(c => c.Index).Concat(_clients.SelectMany(c => c.Channels).Select(c => c.Index)).ToHashSet();
        var index = Enumerable.Range(1, Session.ChannelCount - 1).FirstOrDefault(i => !taken.Contains(i));
        if (index == 0)
            throw new DriverException(StatusCode.Busy, $"all {Session.ChannelCount - 1} channels of the card are taken");
        var command = new SubmissionEntry
        {
            Opcode = Opcode.CreateCq,
            Source = client.Address + cq,
            Arg0 = (uint)index,
            Arg1 = entries - 1,
            Arg2 = SubmissionEntry.NoVector,
            Arg3 = (uint)handle.Client,
        };
        var code = Session.Admin(command, Session.Timeouts.Control).Code;
        if (code == StatusCode.Ok)
            code = Session
                .Admin(command with { Opcode = Opcode.CreateSq, Source = client.Address + sq, Arg2 = 0 }, Session.Timeouts.Control)
                .Code;
        if (code != StatusCode.Ok)
            throw new DriverException(code, $"the card refused channel {index} with {entries} entries");
        var memory = client.Memory!.Memory.Slice((int)cq, (int)entries * CompletionEntry.Size);
        client.Channels.Add(new DaemonChannel(index, (int)entries, memory));
        return index;
    }

    // A doorbell of a channel that is not the client's is ignored, as by the card.
    private void Ring(DaemonClient client, WireMessage request)
    {
        if (client.Channels.Find(c => c.Index == (int)request.A) is not { } channel || Session.Dead is not null)
            return;
        var isTail = request.Kind == WireKind.SqTail;
        if (isTail)
            channel.Submitted(request.B);
        var register = isTail ? Doorbell.SqTail : Doorbell.CqHead;
        Session.Link.Write(Bar.Doorbells, channel.Index * Doorbell.PageSize + register, request.B);
    }

    private WireMessage Abort(DaemonClient client, WireMessage request)
    {
        if (!client.Channels.Exists(c => c.Index == (int)request.A))
            throw new DriverException(StatusCode.NoPermission, $"channel {request.A} is not this client's");
        var command = new SubmissionEntry
        {
            Opcode = Opcode.Abort,
            Arg0 = request.A,
            Arg1 = request.B,
        };
        return new WireMessage(WireKind.Done, Session.Admin(command, Session.Timeouts.Execute, throwOnTimeout: false).Result);
    }

    private DeviceStatus Status() =>
        new()
        {
            Name = _name,
            Pid = Environment.ProcessId,
            Chip = _chip,
            Model = _host.Chip.Model.Name,
            Fabric = _host.Chip.Fabric.Name,
            State = Session.Dead is null ? Session.State.ToString() : "Reset",
            Generation = Session.Generation,
            Clients = _clients.Count,
            Channels = _clients.Sum(c => c.Channels.Count),
            UserSlots = _host.Chip.Fabric.Card.UserSlots,
            Context = _host.Context,
            Backend = _host.Backend,
            IdleWatts = _host.IdleWatts,
            SimulatedSeconds = _host.TimeNs * 1e-9,
        };
}
