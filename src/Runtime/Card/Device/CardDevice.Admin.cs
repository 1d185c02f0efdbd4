using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Commands of the admin channel, and the events it reports.</summary>
public sealed partial class CardDevice
{
    private const int MaxUndelivered = 64;
    private readonly Queue<DeviceCommand> _parkedEvents = new();
    private readonly Queue<(uint Result, uint Aux)> _undelivered = new();
    private MemoryStream? _staging;
    private ImageState _imageState;
    private uint _imageError;

    private IEnumerator<long> RunAdmin(DeviceCommand c)
    {
        if (((byte)c.Entry.Flags & 0xC0) != 0)
            return Answer(c, StatusCode.ReservedNotZero);
        return c.Entry.Opcode switch
        {
            Opcode.Nop => Answer(c, StatusCode.Ok),
            Opcode.Identify => Send(c, Identity()),
            Opcode.CreateCq => Answer(c, CreateCq(c.Entry)),
            Opcode.CreateSq => Answer(c, CreateSq(c.Entry)),
            Opcode.DeleteSq => Answer(c, DeleteSq(c.Entry)),
            Opcode.DeleteCq => Answer(c, DeleteCq(c.Entry)),
            Opcode.Abort => Abort(c),
            Opcode.GetLog => GetLog(c),
            Opcode.AsyncEvent => AsyncEvent(c),
            Opcode.ImageLoad => ImageLoad(c),
            Opcode.ImageActivate => ImageActivate(c),
            Opcode.TimeSync => TimeSync(c),
            Opcode.Terminate => Terminate(c),
            _ => Answer(c, StatusCode.BadOpcode),
        };
    }

    private IEnumerator<long> Answer(DeviceCommand c, StatusCode code)
    {
        Finish(c, code);
        yield break;
    }

    /// <summary>Writes as much of <paramref name="page"/> as the command has room for and answers with its length.</summary>
    private IEnumerator<long> Send(DeviceCommand c, byte[] page)
    {
        var data = page.AsSpan(0, (int)Math.Min((uint)page.Length, c.Entry.Length)).ToArray();
        if (data.Length == 0)
        {
            Finish(c, page.Length == 0 ? StatusCode.Ok : StatusCode.DmaLength);
            yield break;
        }
        var status = _dma.Scatter(c, c.Entry.Destination, data, out var ns);
        yield return ns;
        Finish(c, status, status == StatusCode.Ok ? (uint)data.Length : 0);
    }

    private byte[] Identity() =>
        new IdentifyPage
        {
            Capabilities = Capabilities,
            Identity = _core.Identity,
            Channels = _channels.Length,
            SramBytes = _sram.Length,
        }.ToBytes();

    private StatusCode CreateCq(SubmissionEntry e)
    {
        if (e.Arg0 == 0 || e.Arg0 >= _channels.Length || _channels[e.Arg0].State != ChannelState.Free)
            return StatusCode.QueueInvalid;
        var entries = (int)Math.Min(e.Arg1, 1u << 20) + 1;
        if (!IsRing((int)e.Arg3, e.Source, entries, CompletionEntry.Size))
            return StatusCode.QueueInvalid;
        var channel = _channels[e.Arg0];
        (channel.Client, channel.CqBase, channel.CqEntries, channel.Vector) = ((int)e.Arg3, e.Source, entries, (int)(e.Arg2 & 0xFFFF));
        channel.State = ChannelState.Assigned;
        return StatusCode.Ok;
    }

    private StatusCode CreateSq(SubmissionEntry e)
    {
        if (
            e.Arg0 == 0
            || e.Arg0 >= _channels.Length
            || _channels[e.Arg0].State != ChannelState.Assigned
            || _channels[e.Arg0].Client != (int)e.Arg3
        )
            return StatusCode.QueueInvalid;
        var entries = (int)Math.Min(e.Arg1, 1u << 20) + 1;
        if (!IsRing((int)e.Arg3, e.Source, entries, SubmissionEntry.Size))
            return StatusCode.QueueInvalid;
        var channel = _channels[e.Arg0];
        (channel.SqBase, channel.SqEntries) = (e.Source, entries);
        channel.State = ChannelState.Running;
        return StatusCode.Ok;
    }

    /// <summary>Stops a channel: what it holds is answered 0007, its contexts are closed.</summary>
    private StatusCode DeleteSq(SubmissionEntry e)
    {
        if (e.Arg0 == 0 || e.Arg0 >= _channels.Length || _channels[e.Arg0].State is not (ChannelState.Running or ChannelState.Error))
            return StatusCode.QueueInvalid;
        FailChannel(_channels[e.Arg0], StatusCode.DeviceReset);
        return StatusCode.Ok;
    }

    private StatusCode DeleteCq(SubmissionEntry e)
    {
        if (e.Arg0 == 0 || e.Arg0 >= _channels.Length || _channels[e.Arg0].State is not (ChannelState.Assigned or ChannelState.Error))
            return StatusCode.QueueInvalid;
        Discard(_channels[e.Arg0]);
        return StatusCode.Ok;
    }

    /// <summary>Result 0: the command is answered 0004, before this answer; 1: there is no such command in flight.</summary>
    private IEnumerator<long> Abort(DeviceCommand c)
    {
        var channel = c.Entry.Arg0 < _channels.Length ? _channels[c.Entry.Arg0] : null;
        var target =
            channel is null || channel.Index == 0 ? null
            : channel.Running?.Entry.Cid == c.Entry.Arg1 ? channel.Running
            : channel.Pending.FirstOrDefault(p => p.Entry.Cid == c.Entry.Arg1);
        if (target is null)
        {
            Finish(c, StatusCode.Ok, 1);
            yield break;
        }

        // The admin channel goes on while the command runs to its boundary.
        target.WhenFinal.Add(() => Finish(c, StatusCode.Ok));
        c.Channel.Running = null;
        After(0, () => StartNext(c.Channel));
        RequestStop(target, StatusCode.Aborted);
    }

    private IEnumerator<long> GetLog(DeviceCommand c)
    {
        byte[]? page = (LogPage)c.Entry.Arg0 switch
        {
            LogPage.Health => Words(
                (uint)State,
                (uint)Math.Round(Kelvin * 1000),
                (uint)Math.Round(Watts * 1000),
                ResetGeneration,
                _ras.Count(RasClass.Correctable),
                _ras.Count(RasClass.Contained),
                _ras.Count(RasClass.Fatal)
            ),
            LogPage.Error => _ras.Unread(),
            LogPage.Profile => LongWords(_tokens, _passes, (long)_busyNs, (long)Math.Round(_joules * 1e6)),
            LogPage.Debug => Words([
                .. _channels.SelectMany(h => new[] { (uint)h.State, (uint)h.SqHead, (uint)h.SqTail, (uint)h.CqHead, (uint)h.CqTail }),
            ]),
            LogPage.Sensor => Words(
                (uint)Math.Round(Kelvin * 1000),
                (uint)Math.Round(Watts * 1000),
                (uint)_options.Millivolts,
                (uint)_options.Kilohertz
            ),
            _ => null,
        };
        return page is null ? Answer(c, StatusCode.BadField) : Send(c, page);
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    private static byte[] LongWords(params ReadOnlySpan<long> words)
    {
        var bytes = new byte[words.Length * 8];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * i), words[i]);
        return bytes;
    }

    private IEnumerator<long> AsyncEvent(DeviceCommand c)
    {
        c.Channel.Running = null;
        After(0, () => StartNext(c.Channel));
        if (_undelivered.TryDequeue(out var waiting))
            Finish(c, StatusCode.Ok, waiting.Result, waiting.Aux);
        else
            _parkedEvents.Enqueue(c);
        yield break;
    }

    /// <summary>Result: kind in bits 0–7, detail in bits 8–31 (channel, or old and new state). Aux: status code in bits 0–15.</summary>
    private void RaiseEvent(DeviceEventKind kind, int detail, StatusCode code)
    {
        _irqStatus |= kind == DeviceEventKind.StateChange ? Bar0.IrqStateChange : Bar0.IrqError;
        if (!_isReady)
            return;
        var (result, aux) = ((uint)kind | (uint)detail << 8, (uint)code);
        if (_parkedEvents.TryDequeue(out var command))
            Finish(command, StatusCode.Ok, result, aux);
        else if (_undelivered.Count < MaxUndelivered)
            _undelivered.Enqueue((result, aux));
    }

    private IEnumerator<long> ImageLoad(DeviceCommand c)
    {
        var e = c.Entry;
        var offset = e.Arg0 | (long)e.Arg1 << 32;
        if (State != DeviceState.ReadyNoImage)
        {
            Finish(c, StatusCode.Busy);
            yield break;
        }
        if (offset == 0)
        {
            _staging = new MemoryStream();
            _imageState = ImageState.Loading;
            _imageError = 0;
        }
        if (_staging is null || offset != _staging.Length || (e.Arg2 & ~1u) != 0)
        {
            Finish(c, StatusCode.BadField);
            yield break;
        }
        if (e.Length > _options.MaxTransferBytes || offset + e.Length > _options.MaxImageBytes)
        {
            Finish(c, StatusCode.DmaLength);
            yield break;
        }
        var status = _dma.Gather(c, e.Source, (int)e.Length, out var data, out var ns);
        yield return ns;
        if (status != StatusCode.Ok)
        {
            Finish(c, status);
            yield break;
        }
        if (_faults.Strike(FaultKind.ImageCorrupted, e.Cid) is { } fault)
            data[FaultInjector.Choose(fault.Seed, data.Length)] ^= 0x40;
        _staging.Write(data);
        if ((e.Arg2 & 1) == 0)
        {
            Finish(c, StatusCode.Ok, (uint)data.Length);
            yield break;
        }
        _imageState = ImageState.Verifying;
        yield return (long)Math.Ceiling(_staging.Length / _options.HashBytesPerNs);
        var policy = _options.ImagePolicy with { Model = _core.Identity.Model, Mask = _core.Identity.Mask };
        var verdict = ImageVerifier.Verify(_staging, policy);
        _staging = null;
        if (verdict.Code != StatusCode.Ok)
        {
            _imageState = ImageState.Rejected;
            _imageError = (uint)verdict.Code;
        }
        Finish(c, verdict.Code, (uint)data.Length, (uint)verdict.Failed);
    }

    private IEnumerator<long> ImageActivate(DeviceCommand c)
    {
        if (State != DeviceState.ReadyNoImage || _imageState != ImageState.Verifying || _staging is not null)
        {
            Finish(c, StatusCode.Busy);
            yield break;
        }
        SetState(DeviceState.Activating);
        yield return _options.BootStageNs;
        _imageState = ImageState.Active;
        SetState(DeviceState.Running);
        Finish(c, StatusCode.Ok);
    }

    /// <summary>Arg0, Arg1: host time, ns. Answers with the device's own time, ns, low and high dword.</summary>
    private IEnumerator<long> TimeSync(DeviceCommand c)
    {
        _hostTimeNs = c.Entry.Arg0 | (ulong)c.Entry.Arg1 << 32;
        var now = _clock.Now - _bootedAt;
        Finish(c, StatusCode.Ok, (uint)now, (uint)(now >> 32));
        yield break;
    }

    /// <summary>
    /// Ends a client: its commands die unanswered, its contexts are closed and zeroed, its channels freed. May be repeated. Answers with
    /// the number of contexts closed, after every write to the client's memory has landed.
    /// </summary>
    private IEnumerator<long> Terminate(DeviceCommand c)
    {
        var client = (int)c.Entry.Arg0;
        if (client == 0)
        {
            Finish(c, StatusCode.NoPermission);
            yield break;
        }
        foreach (var channel in _channels.Where(h => h.Index != 0 && h.State != ChannelState.Free && h.Client == client))
            Discard(channel);
        var contexts = _contexts.Values.Where(x => x.Client == client).ToArray();
        foreach (var context in contexts)
            Close(context);
        Finish(c, StatusCode.Ok, (uint)contexts.Length);
    }

    private void Shutdown(bool isAbrupt)
    {
        _shutdown = 1;
        if (State is DeviceState.Running or DeviceState.Degraded)
            SetState(DeviceState.Draining);
        if (isAbrupt)
            foreach (
                var command in _channels
                    .Where(h => h.Index != 0)
                    .SelectMany(h => h.Pending.Append(h.Running))
                    .OfType<DeviceCommand>()
                    .ToArray()
            )
                RequestStop(command, StatusCode.Aborted);
        WaitForDrain();
    }

    private void WaitForDrain()
    {
        const long pollNs = 10_000;
        if (_channels.Any(h => h.Index != 0 && h.State == ChannelState.Running && (h.Running is not null || h.Pending.Count > 0)))
        {
            After(pollNs, WaitForDrain);
            return;
        }
        foreach (var context in _contexts.Values.ToArray())
            Close(context);
        _imageState = ImageState.None;
        _shutdown = 2;
        if (State == DeviceState.Draining)
            SetState(DeviceState.ReadyNoImage);
    }
}
