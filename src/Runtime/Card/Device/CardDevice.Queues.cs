using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Rings: fetching commands, running them in order, posting completions, raising interrupts.</summary>
public sealed partial class CardDevice
{
    /// <summary>Commands a channel holds on the device beyond the running one.</summary>
    private const int FetchWindow = 32;

    /// <summary>When a count is set without a timer: a completion waits no longer than this.</summary>
    private const int DefaultCoalesceUs = 100;

    private void RingSubmission(DeviceChannel channel, uint tail)
    {
        if (channel.Index != 0)
        {
            if (_faults.Strike(FaultKind.DropDoorbell, 0) is not null)
                return;
            if (_faults.Strike(FaultKind.TailOutOfRange, 0) is not null)
                tail = (uint)channel.SqEntries;
            if (_faults.Strike(FaultKind.DuplicateDoorbell, 0) is not null)
                After(0, () => SetTail(channel, tail));
        }
        SetTail(channel, tail);
    }

    private void SetTail(DeviceChannel channel, uint tail)
    {
        if (channel.State != ChannelState.Running)
            return;
        if (tail >= channel.SqEntries)
        {
            FailChannel(channel, StatusCode.BadDoorbell);
            return;
        }
        channel.SqTail = (int)tail;
        Fetch(channel);
    }

    private void RingCompletion(DeviceChannel channel, uint head)
    {
        if (head >= channel.CqEntries)
        {
            FailChannel(channel, StatusCode.BadDoorbell);
            return;
        }
        channel.CqHead = (int)head;
        while (channel.Blocked.Count > 0 && !channel.IsCqFull)
        {
            var (entry, command) = channel.Blocked.Dequeue();
            Post(channel, entry, command);
        }
        if (channel.Running is { IsParked: true } parked)
            Resume(parked, parked.Ticket);
        StartNext(channel);

        // The host may have emptied the ring before an entry landed whose interrupt was held back because the ring was not empty: tell it
        // again.
        if (channel.CqHead != channel.CqTail && channel.CoalesceCount == 0 && channel.CoalesceUs == 0)
            After(0, () => Announce(channel));
    }

    private void Fetch(DeviceChannel channel)
    {
        if (
            channel.IsFetching
            || channel.State != ChannelState.Running
            || channel.SqHead == channel.SqTail
            || channel.Pending.Count >= FetchWindow
        )
            return;
        channel.IsFetching = true;
        After(_options.Link.DmaReadNs(SubmissionEntry.Size), () => Fetched(channel, isRetry: false));
    }

    private void Fetched(DeviceChannel channel, bool isRetry)
    {
        if (channel.State != ChannelState.Running)
            return;
        var address = channel.SqBase + (ulong)(channel.SqHead * SubmissionEntry.Size);
        var bytes = new byte[SubmissionEntry.Size];
        if (_dma.Read(channel.Client, address, bytes) != StatusCode.Ok)
        {
            FailChannel(channel, StatusCode.IommuFault);
            return;
        }
        if (channel.Index != 0 && (_faults.Strike(FaultKind.CommandBitFlip, SubmissionEntry.Read(bytes).Cid) ?? _flipAgain) is { } flip)
        {
            var bit = FaultInjector.Choose(flip.Seed, SubmissionEntry.Size * 8);
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            _flipAgain = flip.Argument == 1 && !isRetry ? flip : null;
        }
        if (!SubmissionEntry.CrcHolds(bytes))
        {
            // Nothing in a damaged command can be trusted, its cid least of all: read it once more, then give the channel up.
            if (isRetry)
            {
                _ras.Add(RasSource.Pcie, RasClass.Contained, StatusCode.PoisonedData, channel.Index, address);
                FailChannel(channel, StatusCode.PoisonedData);
                return;
            }
            _ras.Add(RasSource.Pcie, RasClass.Correctable, StatusCode.PoisonedData, channel.Index, address);
            After(_options.Link.DmaReadNs(SubmissionEntry.Size), () => Fetched(channel, isRetry: true));
            return;
        }
        channel.SqHead = (channel.SqHead + 1) % channel.SqEntries;
        channel.IsFetching = false;
        Accept(channel, SubmissionEntry.Read(bytes));
        Fetch(channel);
    }

    private FaultSpec? _flipAgain;

    private void Accept(DeviceChannel channel, SubmissionEntry entry)
    {
        var isReused = channel.Index != 0 && _faults.Strike(FaultKind.CidReuse, entry.Cid) is not null;
        var command = new DeviceCommand(channel, entry);
        if (isReused || !channel.InFlight.Add(entry.Cid))
        {
            // Not entered in the in-flight set: its answer must not free the cid of the command that owns it.
            command.Stop = StatusCode.CidInUse;
        }
        if (channel.Index != 0 && entry.Opcode == Opcode.Cancel)
            StopContext(channel.Client, entry.Context);
        channel.Pending.Enqueue(command);
        StartNext(channel);
    }

    private void StartNext(DeviceChannel channel)
    {
        if (
            channel.Running is not null
            || channel.State != ChannelState.Running
            || channel.Blocked.Count > 0
            || !channel.Pending.TryDequeue(out var command)
        )
            return;
        channel.Running = command;
        Fetch(channel);
        if (command.Entry.TimeoutMs > 0)
            After(command.Entry.TimeoutMs * 1_000_000L, () => RequestStop(command, StatusCode.Timeout));
        command.Steps = channel.Index == 0 ? RunAdmin(command) : RunChannel(command);
        Resume(command, command.Ticket);
    }

    private void Resume(DeviceCommand command, int ticket)
    {
        if (command.IsFinal || ticket != command.Ticket)
            return;
        command.Ticket++;
        command.IsParked = false;
        if (command.Stop != StatusCode.Ok)
        {
            command.Undo?.Invoke();
            command.Undo = null;
            Finish(command, command.Stop);
            return;
        }
        command.Undo = null;
        if (!command.Steps!.MoveNext() || command.IsFinal)
            return;
        var delay = command.Steps.Current;
        if (delay == DeviceCommand.Parked)
        {
            command.IsParked = true;
            return;
        }
        var next = command.Ticket;
        After(delay, () => Resume(command, next));
    }

    /// <summary>Ends a command at its next boundary, which is now when its present wait can be undone or it waits for the host.</summary>
    private void RequestStop(DeviceCommand command, StatusCode code)
    {
        if (command.IsFinal || command.Stop != StatusCode.Ok)
            return;
        command.Stop = code;
        if (command.Undo is not null || command.IsParked)
            Resume(command, command.Ticket);
    }

    /// <summary>Gives the final answer to a command and starts the next of its channel.</summary>
    private void Finish(DeviceCommand command, StatusCode code, uint result = 0, uint aux = 0)
    {
        var channel = command.Channel;
        command.IsFinal = true;
        if (ReferenceEquals(channel.Running, command))
            channel.Running = null;
        var entry = new CompletionEntry
        {
            Result = result,
            Aux = aux,
            Cid = command.Entry.Cid,
            Code = code,
            DoNotRetry =
                code
                    is StatusCode.BadOpcode
                        or StatusCode.BadField
                        or StatusCode.ReservedNotZero
                        or StatusCode.NoPermission
                        or StatusCode.ImageRejected
                        or StatusCode.ImageSignature
                        or StatusCode.ModelMismatch
                        or StatusCode.BadTokenId,
        };
        if (code == StatusCode.Ok && command.Entry.Flags.HasFlag(CommandFlags.SilentSuccess))
            Release(channel, command);
        else if (channel.Blocked.Count > 0 || channel.IsCqFull)
            channel.Blocked.Enqueue((entry, command));
        else
            Post(channel, entry, command);
        After(0, () => StartNext(channel));
    }

    /// <summary>Writes one completion; there must be room. The completion of a stream that continues names no command.</summary>
    private void Post(DeviceChannel channel, CompletionEntry entry, DeviceCommand? final, bool interrupt = false)
    {
        var wasEmpty = channel.CqHead == channel.CqTail;
        var slot = channel.CqTail;
        var phase = channel.Phase;
        channel.CqTail = (channel.CqTail + 1) % channel.CqEntries;
        if (channel.CqTail == 0)
            channel.Phase = !channel.Phase;
        if (channel.Index != 0 && _faults.Strike(FaultKind.PhaseStuck, entry.Cid) is not null)
            phase = !phase;
        var bytes = new byte[CompletionEntry.Size];
        (entry with { SqHead = (ushort)channel.SqHead, Channel = (ushort)channel.Index, Phase = phase }).Write(bytes);
        var force = interrupt || final is not null && final.Entry.Flags.HasFlag(CommandFlags.Interrupt);
        var epoch = _epoch;
        _dma.Write(channel.Client, channel.CqBase + (ulong)(slot * CompletionEntry.Size), bytes, mapped =>
        {
            if (epoch != _epoch || channel.State != ChannelState.Running)
                return;
            if (!mapped)
                FailChannel(channel, StatusCode.IommuFault);
            else
                Landed(channel, wasEmpty, force);
        });
        if (final is not null)
            Release(channel, final);
    }

    private static void Release(DeviceChannel channel, DeviceCommand command)
    {
        if (command.Stop != StatusCode.CidInUse)
            channel.InFlight.Remove(command.Entry.Cid);
        foreach (var action in command.WhenFinal)
            action();
        command.WhenFinal.Clear();
    }

    private void Landed(DeviceChannel channel, bool wasEmpty, bool force)
    {
        channel.HeldBack++;
        var isCoalesced = channel.CoalesceCount > 0 || channel.CoalesceUs > 0;
        if (force || !isCoalesced && wasEmpty || channel.CoalesceCount > 0 && channel.HeldBack >= channel.CoalesceCount)
        {
            Announce(channel);
        }
        else if (isCoalesced && channel.HeldBack == 1)
        {
            // The timer runs from the first completion held back; an interrupt in between makes it void.
            var ticket = channel.Announced;
            var us = channel.CoalesceUs > 0 ? channel.CoalesceUs : DefaultCoalesceUs;
            After(us * 1000L, () =>
            {
                if (channel.HeldBack > 0 && channel.Announced == ticket)
                    Announce(channel);
            });
        }
    }

    /// <summary>Sends the channel's interrupt.</summary>
    private void Announce(DeviceChannel channel)
    {
        channel.HeldBack = 0;
        channel.Announced++;
        if (channel.Vector == SubmissionEntry.NoVector)
            return;
        if (_faults.Strike(FaultKind.LostInterrupt, 0) is null)
            RaiseInterrupt(channel.Vector);
        if (_faults.Strike(FaultKind.InterruptStorm, 0) is { } storm)
            for (var i = 1; i <= storm.Argument; i++)
                After(i * 10_000L, () => RaiseInterrupt(channel.Vector));
    }

    private void RaiseInterrupt(int vector)
    {
        _link.Interrupt(vector);
    }

    /// <summary>
    /// Ends a channel: what the device holds is answered 0007 as far as the completion ring has room, its contexts are closed and zeroed,
    /// and the driver is told. Commands still in host memory are lost; the driver answers for them.
    /// </summary>
    private void FailChannel(DeviceChannel channel, StatusCode code)
    {
        if (channel.State != ChannelState.Running)
            return;
        var held = new List<DeviceCommand>();
        if (channel.Running is { } running)
            held.Add(running);
        held.AddRange(channel.Pending);
        channel.Pending.Clear();
        foreach (var command in held.Where(c => !c.IsFinal))
            if (code != StatusCode.BadDoorbell && !channel.IsCqFull && channel.Blocked.Count == 0)
                Finish(command, StatusCode.DeviceReset);
            else
                command.IsFinal = true;
        channel.Running = null;
        channel.Blocked.Clear();
        channel.State = ChannelState.Error;
        foreach (var context in _contexts.Values.Where(c => c.Channel == channel.Index).ToArray())
            Close(context);
        if (channel.Index == 0)
        {
            _ras.Add(RasSource.Firmware, RasClass.Fatal, code, 0, 0);
            SetState(DeviceState.Fatal);
            RaiseInterrupt(0);
            return;
        }
        RaiseEvent(DeviceEventKind.ChannelError, channel.Index, code);
        if (State == DeviceState.Running)
            SetState(DeviceState.Degraded);
    }

    /// <summary>Returns a channel to FREE without a word to the host.</summary>
    private void Discard(DeviceChannel channel)
    {
        if (channel.Running is { } running)
            running.IsFinal = true;
        foreach (var command in channel.Pending)
            command.IsFinal = true;
        _channels[channel.Index] = new DeviceChannel(channel.Index);
        channel.State = ChannelState.Free;
        if (State == DeviceState.Degraded && Array.TrueForAll(_channels, c => c.State != ChannelState.Error))
            SetState(DeviceState.Running);
    }
}
