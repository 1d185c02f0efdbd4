using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Runs the commands of a channel in order, one at a time, step by step, and gives each its final answer.</summary>
internal sealed class CommandRunner(DeviceTimer timer, CompletionPoster completions)
{
    /// <summary>The steps of a command that starts.</summary>
    public Func<DeviceCommand, IEnumerator<long>>? StepsOf { get; set; }

    /// <summary>Called when a channel has room for a further command.</summary>
    public Action<DeviceChannel>? HasRoom { get; set; }

    /// <summary>Starts the next command of a channel that runs none.</summary>
    public void StartNext(DeviceChannel channel)
    {
        if (
            channel.Running is not null
            || channel.State != ChannelState.Running
            || channel.Blocked.Count > 0
            || !channel.Pending.TryDequeue(out var command)
        )
            return;
        channel.Running = command;
        HasRoom!(channel);
        if (command.Entry.TimeoutMs > 0)
            timer.After(command.Entry.TimeoutMs * 1_000_000L, () => RequestStop(command, StatusCode.Timeout));
        command.Steps = StepsOf!(command);
        Resume(command);
    }

    /// <summary>Continues a command that waits.</summary>
    public void Resume(DeviceCommand command) => Resume(command, command.Ticket);

    /// <summary>Lets the channel continue while a command that it runs is unanswered.</summary>
    public void Detach(DeviceCommand command)
    {
        command.Channel.Running = null;
        timer.After(0, () => StartNext(command.Channel));
    }

    /// <summary>Ends a command at its next boundary, which is now when its present wait can be undone or it waits for the host.</summary>
    public void RequestStop(DeviceCommand command, StatusCode code)
    {
        if (command.IsFinal || command.Stop != StatusCode.Ok)
            return;
        command.Stop = code;
        if (command.Undo is not null || command.IsParked)
            Resume(command);
    }

    /// <summary>Gives the final answer to a command and starts the next of its channel.</summary>
    public void Finish(DeviceCommand command, StatusCode code, uint result = 0, uint aux = 0)
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
            CompletionPoster.Release(channel, command);
        else if (channel.Blocked.Count > 0 || channel.IsCqFull)
            channel.Blocked.Enqueue((entry, command));
        else
            completions.Post(channel, entry, command);
        timer.After(0, () => StartNext(channel));
    }

    /// <summary>The steps of a command that is answered at once.</summary>
    public IEnumerator<long> Answer(DeviceCommand command, StatusCode code)
    {
        Finish(command, code);
        yield break;
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
        timer.After(delay, () => Resume(command, next));
    }
}
