using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The contexts that are open on the chip, by handle.</summary>
internal sealed class ContextTable(IChipCore core, ChannelTable channels, CommandRunner runner)
{
    private readonly SortedDictionary<uint, DeviceContext> _contexts = [];
    private uint _next = 1;

    /// <summary>No further context can be opened.</summary>
    public bool IsFull => _contexts.Count >= core.Identity.MaxContexts;

    /// <summary>Opens a context of <paramref name="positions"/> positions for the client and channel of a command.</summary>
    public DeviceContext Open(DeviceCommand command, int positions, in SamplerSettings sampler, int[] stops)
    {
        var context = new DeviceContext
        {
            Handle = _next++,
            Client = command.Channel.Client,
            Channel = command.Channel.Index,
            Core = core.OpenContext(positions),
            MaxTokens = positions,
            Sampler = sampler,
            Stops = stops,
        };
        _contexts.Add(context.Handle, context);
        return context;
    }

    /// <summary>The context that a command names, and whether the command may use it; null with
    /// <see cref="StatusCode.BadContext"/>.</summary>
    public StatusCode Find(DeviceCommand command, out DeviceContext context)
    {
        if (!_contexts.TryGetValue(command.Entry.Context, out context!))
            return StatusCode.BadContext;
        return context.Client != command.Channel.Client ? StatusCode.NoPermission
            : context.IsPoisoned ? StatusCode.EccContained
            : StatusCode.Ok;
    }

    /// <summary>Whether a context has not been closed since a command found it.</summary>
    public bool IsOpen(DeviceContext context) => _contexts.ContainsKey(context.Handle);

    /// <summary>Frees a context and zeroes its KV memory.</summary>
    public void Close(DeviceContext context)
    {
        core.CloseContext(context.Core);
        _contexts.Remove(context.Handle);
    }

    /// <summary>Closes every context of a kind; returns how many there were.</summary>
    public int CloseAll(Func<DeviceContext, bool> isMeant)
    {
        var meant = _contexts.Values.Where(isMeant).ToArray();
        foreach (var context in meant)
            Close(context);
        return meant.Length;
    }

    /// <summary>Closes every context.</summary>
    public void CloseAll() => CloseAll(_ => true);

    /// <summary>Stops every command of a client's context at its next boundary.</summary>
    public void Stop(int client, uint handle)
    {
        if (!_contexts.TryGetValue(handle, out var context) || context.Client != client)
            return;
        foreach (var channel in channels.Io)
        {
            foreach (var pending in channel.Pending.Where(p => p.Entry.Context == handle && p.Entry.Opcode != Opcode.Cancel))
                runner.RequestStop(pending, StatusCode.Cancelled);
            if (channel.Running is { } running && running.Entry.Context == handle && running.Entry.Opcode != Opcode.Cancel)
                runner.RequestStop(running, StatusCode.Cancelled);
        }
    }
}
