using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Commands of the I/O channels: contexts, prefill, decode, copies.</summary>
public sealed partial class CardDevice
{
    private readonly SortedDictionary<uint, DeviceContext> _contexts = [];
    private uint _nextContext = 1;
    private long _coreFreeAt,
        _tokens,
        _passes;
    private double _busyNs,
        _joules,
        _passWatts;

    private IEnumerator<long> RunChannel(DeviceCommand c)
    {
        if (((byte)c.Entry.Flags & 0xC0) != 0)
            return Answer(c, StatusCode.ReservedNotZero);
        if (Refusal is { } refusal)
            return Answer(c, refusal);
        return c.Entry.Opcode switch
        {
            Opcode.Nop or Opcode.Fence => Answer(c, StatusCode.Ok),
            Opcode.ContextOpen => ContextOpen(c),
            Opcode.ContextClose => ContextClose(c),
            Opcode.SetSampler => SetSampler(c),
            Opcode.Prefill => Prefill(c),
            Opcode.Decode => Decode(c),
            Opcode.KvTrim => KvTrim(c),
            Opcode.LogitsRead => LogitsRead(c),
            Opcode.Cancel => Answer(c, Find(c, out _)),
            Opcode.MemcpyH2D => CopyToDevice(c),
            Opcode.MemcpyD2H => CopyToHost(c),
            _ => Answer(c, StatusCode.BadOpcode),
        };
    }

    /// <summary>The answer to every command while the card cannot compute.</summary>
    private StatusCode? Refusal =>
        State switch
        {
            DeviceState.Running or DeviceState.Degraded => _isPowerBroken ? StatusCode.PowerBreak : null,
            DeviceState.ThermalStop => StatusCode.ThermalStop,
            DeviceState.Fatal => StatusCode.DeviceReset,
            _ => StatusCode.Busy,
        };

    private StatusCode Find(DeviceCommand c, out DeviceContext context)
    {
        if (!_contexts.TryGetValue(c.Entry.Context, out context!))
            return StatusCode.BadContext;
        return context.Client != c.Channel.Client ? StatusCode.NoPermission
            : context.IsPoisoned ? StatusCode.EccContained
            : StatusCode.Ok;
    }

    private void Close(DeviceContext context)
    {
        _core.CloseContext(context.Core);
        _contexts.Remove(context.Handle);
    }

    /// <summary>Stops every command of a context at its next boundary.</summary>
    private void StopContext(int client, uint handle)
    {
        if (!_contexts.TryGetValue(handle, out var context) || context.Client != client)
            return;
        foreach (var channel in _channels.Where(h => h.Index != 0))
        {
            foreach (var pending in channel.Pending.Where(p => p.Entry.Context == handle && p.Entry.Opcode != Opcode.Cancel))
                RequestStop(pending, StatusCode.Cancelled);
            if (channel.Running is { } running && running.Entry.Context == handle && running.Entry.Opcode != Opcode.Cancel)
                RequestStop(running, StatusCode.Cancelled);
        }
    }

    private IEnumerator<long> ContextOpen(DeviceCommand c)
    {
        var max = c.Entry.Arg0;
        if (max == 0 || max > _core.Identity.MaxContext)
        {
            Finish(c, max == 0 ? StatusCode.BadField : StatusCode.ContextLengthExceeded);
            yield break;
        }
        var status = ReadSampler(c, out var sampler, out var stops, out var ns);
        yield return ns;
        if (status == StatusCode.Ok && _contexts.Count >= _core.Identity.MaxContexts)
            status = StatusCode.KvExhausted;
        if (status != StatusCode.Ok)
        {
            FinishTransfer(c, status);
            yield break;
        }
        var context = new DeviceContext
        {
            Handle = _nextContext++,
            Client = c.Channel.Client,
            Channel = c.Channel.Index,
            Core = _core.OpenContext((int)max),
            MaxTokens = (int)max,
            Sampler = sampler,
            Stops = stops,
        };
        _contexts.Add(context.Handle, context);
        Finish(c, StatusCode.Ok, context.Handle);
    }

    private IEnumerator<long> ContextClose(DeviceCommand c)
    {
        var status = Find(c, out var context);
        if (status is StatusCode.Ok or StatusCode.EccContained)
        {
            Close(context);
            status = StatusCode.Ok;
        }
        Finish(c, status);
        yield break;
    }

    private IEnumerator<long> SetSampler(DeviceCommand c)
    {
        var status = Find(c, out var context);
        long ns = 0;
        SamplerSettings sampler = default;
        int[] stops = [];
        if (status == StatusCode.Ok)
            status = ReadSampler(c, out sampler, out stops, out ns);
        yield return ns;
        if (status == StatusCode.Ok)
            (context.Sampler, context.Stops) = (sampler, stops);
        FinishTransfer(c, status);
    }

    private StatusCode ReadSampler(DeviceCommand c, out SamplerSettings sampler, out int[] stops, out long ns)
    {
        sampler = default;
        stops = [];
        ns = 0;
        if (c.Entry.Length < SamplerBlock.Size || c.Entry.Length > SamplerBlock.Size + 4 * SamplerBlock.MaxStops)
            return StatusCode.DmaLength;
        var status = _dma.Gather(c, c.Entry.Source, (int)c.Entry.Length, out var data, out ns);
        if (status != StatusCode.Ok)
            return status;
        var block = SamplerBlock.Read(data);
        sampler = block.Settings;
        if (block.StopCount > SamplerBlock.MaxStops || data.Length != SamplerBlock.Size + 4 * (int)block.StopCount)
            return StatusCode.BadField;
        stops = MemoryMarshal.Cast<byte, int>(data.AsSpan(SamplerBlock.Size)).ToArray();
        return StatusCode.Ok;
    }

    /// <summary>Source, Length: u32 token ids; Arg0: their count; Arg1: position; Arg2 bit 0: keep logits of every row.</summary>
    private IEnumerator<long> Prefill(DeviceCommand c)
    {
        var e = c.Entry;
        var status = Find(c, out var context);
        if (status == StatusCode.Ok)
            status =
                e.Arg0 == 0 || e.Arg1 != context.Length || (e.Arg2 & ~1u) != 0 ? StatusCode.BadField
                : e.Length != e.Arg0 * 4UL || e.Length > _options.MaxTransferBytes ? StatusCode.DmaLength
                : e.Arg0 > context.MaxTokens - context.Length ? StatusCode.ContextFull
                : StatusCode.Ok;
        if (status != StatusCode.Ok)
        {
            Finish(c, status, 0, context is null ? 0 : (uint)context.Length);
            yield break;
        }
        status = _dma.Gather(c, e.Source, (int)e.Length, out var data, out var ns);
        yield return ns;
        var tokens = MemoryMarshal.Cast<byte, int>(data.AsSpan()).ToArray();
        if (status == StatusCode.Ok && tokens.Any(t => (uint)t >= _core.Identity.Vocabulary))
            status = StatusCode.BadTokenId;
        if (status != StatusCode.Ok)
        {
            FinishTransfer(c, status);
            yield break;
        }
        while (_coreFreeAt > _clock.Now)
            yield return _coreFreeAt - _clock.Now;
        if (!IsOpen(c, context) || !StepHolds(c, context))
            yield break;

        var position = context.Length;
        var all = (e.Arg2 & 1) != 0;
        PassCost timing;
        try
        {
            timing = _core.Prefill(context.Core, tokens, position, all, HostCancellation);
        }
        catch (OperationCanceledException)
        {
            Finish(c, StatusCode.Cancelled);
            yield break;
        }
        context.Length = position + tokens.Length;
        context.Pending = null;
        context.LogitRows = 0;
        c.Undo = () =>
        {
            if (!_contexts.ContainsKey(context.Handle))
                return;
            _core.TrimKv(context.Core, position);
            context.Length = position;
            _coreFreeAt = Math.Min(_coreFreeAt, _clock.Now);
        };
        yield return Spend(timing, tokens.Length, "prefill", context);
        if (!IsOpen(c, context))
            yield break;
        context.LogitRows = all ? tokens.Length : 1;
        Finish(c, StatusCode.Ok, (uint)tokens.Length, (uint)context.Length);
    }

    /// <summary>
    /// Arg0: most tokens to produce; Destination, Length, Arg2: output array of u32 and its entries, 0 = none. The first id comes from the
    /// latest logits, or from evaluating the token that the previous DECODE ended with; each id is evaluated when the next is asked for.
    /// </summary>
    private IEnumerator<long> Decode(DeviceCommand c)
    {
        var e = c.Entry;
        var isStream = e.Flags.HasFlag(CommandFlags.Stream);
        List<(ulong Address, int Bytes)> output = [];
        var status = Find(c, out var context);
        if (
            status == StatusCode.Ok
            && (e.Arg0 == 0 || e.Arg2 == 0 && !isStream || e.Arg2 != 0 && (e.Arg2 < e.Arg0 || e.Length != e.Arg2 * 4UL))
        )
            status = StatusCode.BadField;
        if (status == StatusCode.Ok && e.Arg2 > 0)
            status =
                e.Length > _options.MaxTransferBytes
                    ? StatusCode.DmaLength
                    : _dma.Resolve(c, e.Destination, (int)e.Length, out output, out _);
        if (status == StatusCode.Ok && context.Pending is null && context.LogitRows == 0)
            status = StatusCode.BadField;
        if (status != StatusCode.Ok)
        {
            FinishTransfer(c, status);
            yield break;
        }

        for (uint produced = 0; ; )
        {
            var id = 0;
            if (context.Pending is { } token)
            {
                if (context.Length >= context.MaxTokens)
                {
                    Finish(c, StatusCode.ContextFull, produced, (uint)context.Length);
                    yield break;
                }
                while (_coreFreeAt > _clock.Now)
                    yield return _coreFreeAt - _clock.Now;
                if (!IsOpen(c, context) || !StepHolds(c, context))
                    yield break;
                CoreStep step;
                try
                {
                    step = _core.Decode(context.Core, token, context.Sampler, HostCancellation);
                }
                catch (OperationCanceledException)
                {
                    Finish(c, StatusCode.Cancelled, produced, (uint)context.Length);
                    yield break;
                }
                context.Pending = null;
                context.LogitRows = 1;
                context.Length++;
                yield return Spend(step.Cost, 1, "decode", context);
                if (!IsOpen(c, context))
                    yield break;
                id = step.Token;
            }
            else
            {
                if (!StepHolds(c, context))
                    yield break;
                id = _core.Sample(context.Core, context.Sampler);
            }
            if (id == TokenSampler.NotANumber)
            {
                Finish(c, StatusCode.NotANumber, produced, (uint)context.Length);
                yield break;
            }
            context.Pending = id;
            produced++;
            if (e.Arg2 > 0)
                WriteToken(c, output, produced - 1, id);
            var isLast = produced == e.Arg0 || Array.IndexOf(context.Stops, id) >= 0;
            if (isLast)
            {
                Finish(c, StatusCode.Ok, isStream ? (uint)id : produced, (uint)context.Length);
                yield break;
            }
            if (!isStream)
                continue;
            while (c.Channel.IsCqFull || c.Channel.Blocked.Count > 0)
                yield return DeviceCommand.Parked;
            Post(
                c.Channel,
                new CompletionEntry
                {
                    Result = (uint)id,
                    Aux = (uint)context.Length,
                    Cid = e.Cid,
                    StreamContinues = true,
                },
                null,
                e.Flags.HasFlag(CommandFlags.Interrupt)
            );
        }
    }

    private void WriteToken(DeviceCommand c, List<(ulong Address, int Bytes)> output, uint index, int id)
    {
        var offset = (int)index * 4;
        foreach (var (address, bytes) in output)
        {
            if (offset < bytes)
            {
                _dma.Write(c.Channel.Client, address + (ulong)offset, Words((uint)id));
                return;
            }
            offset -= bytes;
        }
    }

    private IEnumerator<long> KvTrim(DeviceCommand c)
    {
        var status = Find(c, out var context);
        if (status == StatusCode.Ok && c.Entry.Arg0 > context.Length)
            status = StatusCode.BadField;
        if (status == StatusCode.Ok)
        {
            _core.TrimKv(context.Core, (int)c.Entry.Arg0);
            context.Length = (int)c.Entry.Arg0;
            context.Pending = null;
            context.LogitRows = 0;
        }
        Finish(c, status, 0, status == StatusCode.Ok ? (uint)context.Length : 0);
        yield break;
    }

    /// <summary>Arg0: row; Destination, Length: room for the vocabulary in f32.</summary>
    private IEnumerator<long> LogitsRead(DeviceCommand c)
    {
        var status = Find(c, out var context);
        if (status == StatusCode.Ok)
            status =
                c.Entry.Arg0 >= context.LogitRows ? StatusCode.BadField
                : c.Entry.Length != _core.Identity.Vocabulary * 4L ? StatusCode.DmaLength
                : StatusCode.Ok;
        if (status != StatusCode.Ok)
        {
            Finish(c, status);
            yield break;
        }
        var bytes = MemoryMarshal.AsBytes(_core.Logits(context.Core, (int)c.Entry.Arg0)).ToArray();
        status = _dma.Scatter(c, c.Entry.Destination, bytes, out var ns);
        yield return ns;
        FinishTransfer(c, status, (uint)bytes.Length);
    }

    /// <summary>Source: host; Destination: SRAM address; Length: bytes.</summary>
    private IEnumerator<long> CopyToDevice(DeviceCommand c)
    {
        var e = c.Entry;
        if (!InSram(e.Destination, e.Length))
        {
            Finish(c, StatusCode.SramOutOfRange);
            yield break;
        }
        var status = e.Length > _options.MaxTransferBytes ? StatusCode.DmaLength : StatusCode.Ok;
        byte[] data = [];
        long ns = 0;
        if (status == StatusCode.Ok)
            status = _dma.Gather(c, e.Source, (int)e.Length, out data, out ns);
        yield return ns;
        if (status == StatusCode.Ok)
            data.CopyTo(_sram, (long)e.Destination);
        FinishTransfer(c, status, e.Length);
    }

    /// <summary>Source: SRAM address; Destination: host; Length: bytes.</summary>
    private IEnumerator<long> CopyToHost(DeviceCommand c)
    {
        var e = c.Entry;
        if (!InSram(e.Source, e.Length))
        {
            Finish(c, StatusCode.SramOutOfRange);
            yield break;
        }
        var status = e.Length > _options.MaxTransferBytes ? StatusCode.DmaLength : StatusCode.Ok;
        long ns = 0;
        if (status == StatusCode.Ok)
            status = _dma.Scatter(c, e.Destination, _sram.AsSpan((int)e.Source, (int)e.Length).ToArray(), out ns);
        yield return ns;
        FinishTransfer(c, status, e.Length);
    }

    private bool InSram(ulong address, uint length) => address <= (ulong)_sram.Length && length <= (ulong)_sram.Length - address;

    /// <summary>Answers a command that moved data. Data that came damaged or not at all ends the channel: its commands may have seen
    /// it.</summary>
    private void FinishTransfer(DeviceCommand c, StatusCode status, uint result = 0)
    {
        Finish(c, status, status == StatusCode.Ok ? result : 0);
        if (status is not (StatusCode.PoisonedData or StatusCode.Timeout or StatusCode.IommuFault))
            return;
        _ras.Add(RasSource.Pcie, RasClass.Contained, status, c.Channel.Index, c.Entry.Source);
        if (status != StatusCode.IommuFault)
            FailChannel(c.Channel, status);
    }

    /// <summary>False, with the answer given, when the context was closed while its command waited.</summary>
    private bool IsOpen(DeviceCommand c, DeviceContext context)
    {
        if (_contexts.ContainsKey(context.Handle))
            return true;
        if (!c.IsFinal)
            Finish(c, StatusCode.BadContext);
        return false;
    }

    private long Spend(PassCost timing, int tokens, string name, DeviceContext context)
    {
        var ns = (long)Math.Round(timing.Nanoseconds);
        _coreFreeAt = _clock.Now + (long)Math.Round(timing.InitiationNanoseconds);
        _tokens += tokens;
        _passes++;
        _busyNs += timing.Nanoseconds;
        _joules += timing.Joules;
        _passWatts = timing.Nanoseconds > 0 ? timing.Joules / (timing.Nanoseconds * 1e-9) : 0;
        _trace?.Add(new(_clock.Now, ns, BusEventKind.Core, name, context.Handle, tokens));
        return ns;
    }

    /// <summary>The opportunity of every fault that strikes at a step. False when the command cannot go on; it has then been answered, or
    /// died.</summary>
    private bool StepHolds(DeviceCommand c, DeviceContext context)
    {
        var cid = c.Entry.Cid;
        if (_faults.Pending == 0)
            return true;
        if (_faults.Strike(FaultKind.SpuriousInterrupt, cid) is not null)
            RaiseInterrupt(c.Channel.Vector == SubmissionEntry.NoVector ? 0 : c.Channel.Vector);
        if (_faults.Strike(FaultKind.KvBit, cid) is { } bit)
        {
            var isDouble = bit.Argument == 2;
            _ras.Add(
                RasSource.KvSram,
                isDouble ? RasClass.Contained : RasClass.Correctable,
                StatusCode.EccContained,
                c.Channel.Index,
                context.Handle
            );
            if (isDouble)
            {
                context.IsPoisoned = true;
                Finish(c, StatusCode.EccContained, 0, (uint)context.Length);
                FailChannel(c.Channel, StatusCode.EccContained);
                return false;
            }
        }
        if (_faults.Strike(FaultKind.NanLogits, cid) is not null)
        {
            Finish(c, StatusCode.NotANumber, 0, (uint)context.Length);
            return false;
        }
        if (_faults.Strike(FaultKind.ThermalCritical, cid) is { } heat)
        {
            _ras.Add(RasSource.Thermal, RasClass.Contained, StatusCode.ThermalStop, c.Channel.Index, 0);
            Finish(c, StatusCode.ThermalStop, 0, (uint)context.Length);
            var before = State;
            SetState(DeviceState.ThermalStop);
            StopAll(StatusCode.ThermalStop);
            After(heat.Argument * 1_000_000L, () => SetState(before));
            return false;
        }
        if (_faults.Strike(FaultKind.PowerBreak, cid) is { } power)
        {
            _ras.Add(RasSource.Power, RasClass.Contained, StatusCode.PowerBreak, c.Channel.Index, 0);
            Finish(c, StatusCode.PowerBreak, 0, (uint)context.Length);
            _isPowerBroken = true;
            StopAll(StatusCode.PowerBreak);
            After(power.Argument * 1_000_000L, () => _isPowerBroken = false);
            return false;
        }
        if (_faults.Strike(FaultKind.FirmwareHang, cid) is not null)
        {
            Hang();
            return false;
        }
        if (_faults.Strike(FaultKind.WatchdogReset, cid) is not null)
        {
            WatchdogReset();
            return false;
        }
        if (_faults.Strike(FaultKind.FunctionReset, cid) is not null)
        {
            Reset();
            return false;
        }
        if (_faults.Strike(FaultKind.LinkDown, cid) is { } down)
        {
            _link.GoDown(down.Argument * 1_000_000L);
            Reset();
            return false;
        }
        if (_faults.Strike(FaultKind.SurpriseRemoval, cid) is not null)
        {
            Remove();
            return false;
        }
        return true;
    }

    private void StopAll(StatusCode code)
    {
        foreach (var channel in _channels.Where(h => h.Index != 0))
            if (channel.Running is { } running)
                RequestStop(running, code);
    }
}
